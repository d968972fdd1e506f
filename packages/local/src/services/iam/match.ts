/** An ARN has six parts; the last one, the resource, may itself contain colons. */
const arnParts = 6;

/** Whether text fits a pattern in which `*` stands for any characters and `?` for exactly one. Case counts. */
export function fitsWildcards(pattern: string, text: string): boolean {
  // Backtracks to the last star only: linear for the patterns that policies have.
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < text.length) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at;
      resume = position;
      at += 1;
    } else if (wanted !== undefined && (wanted === "?" || wanted === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      resume += 1;
      at = star + 1;
      position = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** Action names do not care for case: `dynamodb:getitem` is `dynamodb:GetItem`. */
export function fitsAction(pattern: string, action: string): boolean {
  return fitsWildcards(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Compares ARNs part by part, so that a wildcard in the region cannot swallow the account: only the resource part
 * may match across colons. A pattern with fewer than six parts matches nothing, except a bare `*`.
 */
export function fitsArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const wanted = splitArn(pattern);
  const actual = splitArn(arn);
  if (wanted === undefined || actual === undefined) return false;
  return wanted.every((part, index) => fitsWildcards(part, actual[index] ?? ""));
}

function splitArn(arn: string): readonly string[] | undefined {
  const parts = arn.split(":");
  if (parts.length < arnParts || parts[0] !== "arn") return undefined;
  return [...parts.slice(0, arnParts - 1), parts.slice(arnParts - 1).join(":")];
}
