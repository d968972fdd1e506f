import { err, ok, type Result } from "@antipode/core";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Of one field of an event; `undefined` when it is not there. */
export type FieldTest = (value: unknown) => boolean;

export function isObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): boolean {
  return value !== undefined && !isObject(value);
}

const comparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  prefix: (value, wanted) => value.startsWith(wanted),
  suffix: (value, wanted) => value.endsWith(wanted),
  "equals-ignore-case": (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
};

/** Whether a field is a text that begins or ends so, or is the same without case. */
export function textTest(operator: string, wanted: string, ignoreCase: boolean): FieldTest {
  const compare = comparisons[operator];
  if (compare === undefined) throw new Error(`${operator} compares no text`);
  return (value) =>
    typeof value === "string" &&
    (ignoreCase ? compare(value.toLowerCase(), wanted.toLowerCase()) : compare(value, wanted));
}

/** `*` is any text, `\*` a star and `\\` a backslash. Two stars side by side are refused, as by EventBridge. */
export function compileWildcard(pattern: string): Result<FieldTest, string> {
  const parts: string[] = [""];
  let starBefore = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? "";
    if (character === "*") {
      if (starBefore) return err(`"wildcard" has two stars side by side in "${pattern}"`);
      parts.push("");
      starBefore = true;
      continue;
    }
    starBefore = false;
    const next = pattern[at + 1];
    if (character === "\\" && next !== "*" && next !== "\\")
      return err(`"wildcard" has a backslash before neither star nor backslash in "${pattern}"`);
    if (character === "\\") at += 1;
    parts.push(`${parts.pop()}${character === "\\" ? next : character}`);
  }
  return ok((value) => typeof value === "string" && fitsParts(parts, value));
}

/** The first part begins the text, the last ends it, and those between follow each other. */
function fitsParts(parts: readonly string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - from >= last.length && text.endsWith(last);
}
