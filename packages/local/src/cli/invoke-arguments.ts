export interface InvokeArguments {
  readonly function: string;
  readonly region: string;
  /** What the function gets; `{}` when nothing is given. */
  readonly payload: unknown;
}

export const invokeUsage = "invoke <function> A ['<json>']";

/** Reads what follows `invoke`, or says in one line what is wrong with it. */
export function parseInvokeArguments(
  words: readonly string[],
  regions: readonly string[],
): InvokeArguments | { readonly error: string } {
  const [name, region, json = "{}", ...more] = words;
  if (name === undefined || region === undefined || more.length > 0) {
    return { error: `usage: ${invokeUsage}${more.length > 0 ? ", the JSON in single quotes" : ""}` };
  }
  if (!regions.includes(region)) {
    return { error: `unknown region "${region}": choose from ${regions.join(", ")}` };
  }
  try {
    return { function: name, region, payload: JSON.parse(json) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { error: `what the function gets is not JSON (${reason}); usage: ${invokeUsage}` };
  }
}
