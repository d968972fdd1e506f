import { Buffer } from "node:buffer";
import type { AttributeValue, Item } from "../item-change.ts";
import { compareValues, typeOf, valuesEqual } from "../value.ts";
import { type Path, valueAt } from "./path.ts";

interface FunctionCall {
  readonly type: "function";
  readonly name: string;
  readonly args: readonly Operand[];
}

/** A path, a literal value or `size(…)`, as dynalite's parser gives them. */
export type Operand = Path | AttributeValue | FunctionCall;

/** A parsed condition, filter or key condition. */
export type Condition =
  | { readonly type: "and" | "or" | "not"; readonly args: readonly Condition[] }
  | {
      readonly type: "=" | "<>" | "<" | "<=" | ">" | ">=" | "between" | "in";
      readonly args: readonly Operand[];
    }
  | FunctionCall;

function isPath(operand: Operand): operand is Path {
  return Array.isArray(operand);
}

function isCall(operand: Operand): operand is FunctionCall {
  return "type" in operand && operand.type === "function";
}

function sizeOf(value: AttributeValue): AttributeValue | undefined {
  if ("S" in value) return { N: String(value.S.length) }; // characters as Java counts them, not bytes
  if ("B" in value) return { N: String(Buffer.byteLength(value.B, "base64")) };
  if ("SS" in value) return { N: String(value.SS.length) };
  if ("NS" in value) return { N: String(value.NS.length) };
  if ("BS" in value) return { N: String(value.BS.length) };
  if ("L" in value) return { N: String(value.L.length) };
  if ("M" in value) return { N: String(Object.keys(value.M).length) };
  return undefined;
}

function resolved(operand: Operand | undefined, item: Item): AttributeValue | undefined {
  if (operand === undefined) return undefined;
  if (isPath(operand)) return valueAt(item, operand);
  if (!isCall(operand)) return operand;
  const value = resolved(operand.args[0], item);
  return value === undefined ? undefined : sizeOf(value);
}

function contains(whole: AttributeValue, part: AttributeValue): boolean {
  if ("S" in whole) return "S" in part && whole.S.includes(part.S);
  if ("B" in whole) {
    return "B" in part && Buffer.from(whole.B, "base64").includes(Buffer.from(part.B, "base64"));
  }
  if ("SS" in whole) return "S" in part && whole.SS.includes(part.S);
  if ("NS" in whole) return "N" in part && whole.NS.includes(part.N);
  if ("BS" in whole) return "B" in part && whole.BS.includes(part.B);
  return "L" in whole && whole.L.some((member) => valuesEqual(member, part));
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  if (!("B" in value && "B" in prefix)) return false;
  const bytes = Buffer.from(prefix.B, "base64");
  return Buffer.from(value.B, "base64").subarray(0, bytes.length).equals(bytes);
}

function callHolds(call: FunctionCall, item: Item): boolean {
  const value = resolved(call.args[0], item);
  if (call.name === "attribute_exists") return value !== undefined;
  if (call.name === "attribute_not_exists") return value === undefined;
  const operand = resolved(call.args[1], item);
  if (value === undefined || operand === undefined) return false;
  switch (call.name) {
    case "attribute_type":
      return "S" in operand && typeOf(value) === operand.S;
    case "begins_with":
      return beginsWith(value, operand);
    case "contains":
      return contains(value, operand);
    default:
      throw new Error(`the parser let an unknown function through: ${call.name}`);
  }
}

function ordered(
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
  holds: (order: number) => boolean,
): boolean {
  if (left === undefined || right === undefined) return false;
  const order = compareValues(left, right);
  return order !== undefined && holds(order);
}

const orderedTypes = ["S", "N", "B"];

function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}

function notDistinct(operator: string, [first, ...rest]: readonly Operand[]): string | undefined {
  if (first === undefined || !isPath(first)) return undefined;
  const name = pathText(first);
  if (!rest.some((operand) => isPath(operand) && pathText(operand) === name)) return undefined;
  return `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${name}`;
}

function notOrdered(operator: string, operands: readonly Operand[]): string | undefined {
  for (const operand of operands) {
    if (isPath(operand) || isCall(operand) || orderedTypes.includes(typeOf(operand))) continue;
    return `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(operand)}`;
  }
  return undefined;
}

/**
 * The message of what is wrong with the operands of a parsed condition, where dynalite's parser lets it through: only
 * strings, numbers and bytes have an order, and nothing is compared with itself.
 */
export function operandProblem(condition: Condition): string | undefined {
  switch (condition.type) {
    case "and":
    case "or":
    case "not":
      return condition.args.map(operandProblem).find((problem) => problem !== undefined);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return notOrdered(condition.type, condition.args);
    case "between":
      return notDistinct("BETWEEN", condition.args) ?? notOrdered("BETWEEN", condition.args);
    case "in":
      return notDistinct("IN", condition.args);
    default:
      return undefined;
  }
}

/** Whether an item (the empty one when absent) meets a condition. */
export function conditionHolds(condition: Condition, item: Item): boolean {
  switch (condition.type) {
    case "and":
      return condition.args.every((part) => conditionHolds(part, item));
    case "or":
      return condition.args.some((part) => conditionHolds(part, item));
    case "not":
      return !condition.args.some((part) => conditionHolds(part, item));
    case "function":
      return callHolds(condition, item);
  }
  const [left, ...rest] = condition.args.map((operand) => resolved(operand, item));
  const right = rest[0];
  switch (condition.type) {
    case "=":
      return left !== undefined && right !== undefined && valuesEqual(left, right);
    case "<>":
      return left === undefined || right === undefined || !valuesEqual(left, right);
    case "<":
      return ordered(left, right, (order) => order < 0);
    case "<=":
      return ordered(left, right, (order) => order <= 0);
    case ">":
      return ordered(left, right, (order) => order > 0);
    case ">=":
      return ordered(left, right, (order) => order >= 0);
    case "between":
      return ordered(left, right, (order) => order >= 0) && ordered(left, rest[1], (order) => order <= 0);
    case "in":
      return left !== undefined && rest.some((value) => value !== undefined && valuesEqual(left, value));
  }
}
