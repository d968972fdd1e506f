/** Why a call of AWS did not succeed, in one line: the error's name says what to look up. */
export function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return message === "" || message === name ? name : `${name}: ${message.replaceAll(/\s+/g, " ")}`;
}
