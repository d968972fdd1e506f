import type { JsonObject } from "../../engine/engine.ts";
import { AwsError } from "../service.ts";

/** DynamoDB's own limit for an expression. */
const expressionBytesMax = 4_096;
/**
 * DynamoDB takes more, but the parser here doubles its work with every few levels, and one request must not hold up
 * four regions. Nobody writes this many by hand.
 */
const parenthesesMax = 10;
/** DynamoDB's 32 levels of lists and maps are two levels of JSON each; the request around them is a few more. */
const jsonLevelsMax = 80;

/** Refuses requests that would take the machinery beyond its depth. Throws ValidationException. */
export function checkShape(request: JsonObject): void {
  walk(request, 0);
}

function walk(value: unknown, level: number): void {
  if (typeof value !== "object" || value === null) return;
  if (level > jsonLevelsMax) {
    throw new AwsError("ValidationException", "Nesting Levels have exceeded supported limits");
  }
  for (const [name, member] of Object.entries(value)) {
    if (name.endsWith("Expression") && typeof member === "string") checkExpression(name, member);
    else walk(member, level + 1);
  }
}

function checkExpression(name: string, text: string): void {
  const refuse = (why: string) => new AwsError("ValidationException", `Invalid ${name}: ${why}`);
  if (Buffer.byteLength(text) > expressionBytesMax) {
    throw refuse("Expression size has exceeded the maximum allowed size");
  }
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    if (depth > parenthesesMax) throw refuse(`the local world takes ${parenthesesMax} nested parentheses`);
  }
}
