/**
 * The rule of a composite alarm, as data: `ALARM("a") AND (OK(b) OR NOT INSUFFICIENT_DATA(c))`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
import { err, ok, type Result } from "@antipode/core";
import type { AlarmStateValue } from "./alarm.ts";

export type CompositeRule =
  | { readonly type: "constant"; readonly value: boolean }
  /** `alarm` is a name or an ARN, as it is written. */
  | { readonly type: "state"; readonly state: AlarmStateValue; readonly alarm: string }
  | { readonly type: "not"; readonly of: CompositeRule }
  | { readonly type: "and" | "or"; readonly left: CompositeRule; readonly right: CompositeRule };

const ruleCharactersMax = 10_240;
const elementsMax = 500;
const childrenMax = 100;

class RuleError extends Error {}

export function parseRule(text: string): Result<CompositeRule, string> {
  if (text.length > ruleCharactersMax) return err(`it has more than ${ruleCharactersMax} characters`);
  try {
    const reader = { rest: text, elements: 0 };
    const rule = readOr(reader);
    if (reader.rest.trim() !== "") throw new RuleError(`"${reader.rest.trim()}" is not understood`);
    if (reader.elements > elementsMax) return err(`it has more than ${elementsMax} elements`);
    if (childrenOf(rule).length > childrenMax) return err(`it refers to more than ${childrenMax} alarms`);
    return ok(rule);
  } catch (error) {
    if (error instanceof RuleError) return err(error.message);
    throw error;
  }
}

/** The alarms that a rule refers to, each once, as they are written. */
export function childrenOf(rule: CompositeRule): readonly string[] {
  return [...new Set(mentions(rule))];
}

function mentions(rule: CompositeRule): readonly string[] {
  switch (rule.type) {
    case "constant":
      return [];
    case "state":
      return [rule.alarm];
    case "not":
      return mentions(rule.of);
    default:
      return [...mentions(rule.left), ...mentions(rule.right)];
  }
}

export function holds(rule: CompositeRule, stateOf: (alarm: string) => AlarmStateValue): boolean {
  switch (rule.type) {
    case "constant":
      return rule.value;
    case "state":
      return stateOf(rule.alarm) === rule.state;
    case "not":
      return !holds(rule.of, stateOf);
    case "and":
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case "or":
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}

/** The name of what may be an ARN. */
export function nameOfAlarm(alarm: string): string {
  return alarm.startsWith("arn:") ? (alarm.split(":alarm:")[1] ?? alarm) : alarm;
}

interface Reader {
  rest: string;
  elements: number;
}

function accept(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  const match = pattern.exec(reader.rest);
  if (match === null) return undefined;
  reader.rest = reader.rest.slice(match[0].length);
  reader.elements += 1;
  return match;
}

function readOr(reader: Reader): CompositeRule {
  let left = readAnd(reader);
  while (accept(reader, /^\s*OR\b/)) left = { type: "or", left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: Reader): CompositeRule {
  let left = readNot(reader);
  while (accept(reader, /^\s*AND\b/)) left = { type: "and", left, right: readNot(reader) };
  return left;
}

function readNot(reader: Reader): CompositeRule {
  if (accept(reader, /^\s*NOT\b/)) return { type: "not", of: readNot(reader) };
  if (accept(reader, /^\s*\(/)) {
    const inner = readOr(reader);
    if (!accept(reader, /^\s*\)/)) throw new RuleError("a closing parenthesis is missing");
    return inner;
  }
  const constant = accept(reader, /^\s*(TRUE|FALSE)\b/);
  if (constant !== undefined) return { type: "constant", value: constant[1] === "TRUE" };
  const found = accept(reader, /^\s*(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^"()]+?))\s*\)/);
  if (found === undefined) {
    const rest = reader.rest.trim();
    throw new RuleError(rest === "" ? "it ends too early" : `"${rest}" is not understood`);
  }
  const [, state, quoted, plain] = found;
  return { type: "state", state: state as AlarmStateValue, alarm: quoted ?? plain ?? "" };
}
