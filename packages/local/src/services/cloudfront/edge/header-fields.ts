/** Headers by their lower-case names; several values only where they cannot be joined, as of `set-cookie`. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>;

export function fieldOf(headers: HeaderFields, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}

/** The members of a list, without the spaces around them. */
export function listOf(value: string | undefined): readonly string[] {
  return (value ?? "")
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}

/** Of one connection alone: RFC 9110, 7.6.1. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What travels from end to end; `Connection` may name further headers that do not. */
export function endToEnd(headers: HeaderFields): HeaderFields {
  const named = new Set(listOf(fieldOf(headers, "connection")).map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name)),
  );
}

export function without(headers: HeaderFields, ...names: readonly string[]): HeaderFields {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
