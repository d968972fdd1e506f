import { fieldOf, type HeaderFields, listOf } from "./header-fields.ts";

/** Whether a viewer has this version already (RFC 9110, 13.1): it is sent a 304 then. */
export function isUnchangedFor(viewer: HeaderFields, answer: HeaderFields): boolean {
  const wanted = fieldOf(viewer, "if-none-match");
  if (wanted !== undefined) {
    const etag = fieldOf(answer, "etag");
    return etag !== undefined && (wanted.trim() === "*" || listOf(wanted).some((tag) => sameTag(tag, etag)));
  }
  const since = Date.parse(fieldOf(viewer, "if-modified-since") ?? "");
  const modified = Date.parse(fieldOf(answer, "last-modified") ?? "");
  return modified <= since; // false when either is no date
}

/** Weakly: the same but for bytes (RFC 9110, 8.8.3.2). */
function sameTag(left: string, right: string): boolean {
  return left.replace(/^W\//, "") === right.replace(/^W\//, "");
}
