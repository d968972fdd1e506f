import { err, ok, type Result } from "@antipode/core";
import { compileWildcard, type FieldTest, isObject, isScalar, type Json, textTest } from "./pattern-text.ts";

/** Who reads a pattern: event source mappings know fewer operators than rules do. */
export interface Dialect {
  readonly operators: ReadonlySet<string>;
  /** Whether operators may hold another one: `{"prefix": {"equals-ignore-case": "a"}}`. */
  readonly nested: boolean;
}

const common = ["prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists"];

/** Of rules. `cidr` is an operator of theirs that is not run here. */
export const ruleDialect: Dialect = { operators: new Set([...common, "wildcard"]), nested: true };
export const mappingDialect: Dialect = { operators: new Set(common), nested: false };

/** Ends the reading of a pattern that is none. */
class Refusal extends Error {}

const refuse = (detail: string): never => {
  throw new Refusal(detail);
};

/**
 * A pattern, JSON text, as a test of an event, or why it would be refused, in words that can stand in a line:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(text: string, dialect: Dialect): Result<(event: unknown) => boolean, string> {
  let pattern: Json;
  try {
    pattern = JSON.parse(text);
  } catch {
    return err("it is not JSON");
  }
  try {
    return isObject(pattern) ? ok(compileObject(pattern, dialect)) : err("it is not an object");
  } catch (error) {
    if (error instanceof Refusal) return err(error.message);
    throw error;
  }
}

type JsonObject = { readonly [name: string]: Json };

/** All fields must fit. An event's array fits when one of its elements does. */
function compileObject(pattern: JsonObject, dialect: Dialect): FieldTest {
  const fields = Object.entries(pattern).map(([name, wanted]): FieldTest => {
    if (name === "$or") return compileOr(wanted, dialect);
    const test = Array.isArray(wanted)
      ? compileLeaf(wanted, name, dialect)
      : isObject(wanted)
        ? compileObject(wanted, dialect)
        : refuse(`"${name}" must be an object or an array`);
    return (event) => test(isObject(event) ? event[name] : undefined);
  });
  if (fields.length === 0) refuse("an object is empty");
  const fits = (event: unknown) => fields.every((test) => test(event));
  return (event) => {
    if (!Array.isArray(event)) return fits(event);
    const objects = event.filter(isObject);
    return objects.length === 0 ? fits(undefined) : objects.some(fits);
  };
}

function compileOr(alternatives: Json, dialect: Dialect): FieldTest {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    return refuse('"$or" needs two patterns or more');
  const tests = alternatives.map((one: Json) =>
    isObject(one) ? compileObject(one, dialect) : refuse('"$or" holds no object'),
  );
  return (event) => tests.some((test) => test(event));
}

function compileLeaf(choices: readonly Json[], name: string, dialect: Dialect): FieldTest {
  if (choices.length === 0) refuse(`"${name}" allows nothing`);
  const tests = choices.map((choice): FieldTest => {
    if (isObject(choice)) return compileOperator(choice, dialect);
    if (Array.isArray(choice)) return refuse(`"${name}" holds an array in its array`);
    return eachElement((value) => value === choice);
  });
  return (value) => tests.some((test) => test(value));
}

/** An array in the event is a set of values, of which one must fit. */
function eachElement(test: FieldTest): FieldTest {
  return (value) => (Array.isArray(value) ? value.some(test) : test(value));
}

function compileOperator(choice: JsonObject, dialect: Dialect): FieldTest {
  const [entry, ...more] = Object.entries(choice);
  if (entry === undefined || more.length > 0) return refuse("an operator stands alone in its object");
  const [operator, operand] = entry;
  if (!dialect.operators.has(operator)) return refuse(`unrecognized match type "${operator}"`);
  switch (operator) {
    case "anything-but":
      return eachElement(compileAnythingBut(operand, dialect));
    case "numeric":
      return eachElement(compileNumeric(operand));
    case "exists":
      if (typeof operand !== "boolean") return refuse('"exists" is true or false');
      return (value) => hasLeaf(value) === operand;
    default:
      return eachElement(compileText(operator, operand, dialect));
  }
}

/** Only leaves exist: an object is no value, nor is an array without any. */
function hasLeaf(value: unknown): boolean {
  return Array.isArray(value) ? value.some(hasLeaf) : isScalar(value);
}

/** One text, or within a rule a text that is compared without case. */
function compileText(operator: string, operand: Json, dialect: Dialect): FieldTest {
  const [entry, ...more] = isObject(operand) ? Object.entries(operand) : [];
  if (dialect.nested && entry !== undefined) {
    const [inner, text] = entry;
    const holds = operator === "prefix" || operator === "suffix";
    if (!holds || inner !== "equals-ignore-case" || more.length > 0 || typeof text !== "string")
      return refuse(`"${operator}" holds what it cannot`);
    return textTest(operator, text, true);
  }
  if (typeof operand !== "string") return refuse(`"${operator}" takes a text`);
  if (operator !== "wildcard") return textTest(operator, operand, false);
  const wildcard = compileWildcard(operand);
  return wildcard.ok ? wildcard.value : refuse(wildcard.error);
}

/** A field that is absent does not fit: it is not anything. */
function compileAnythingBut(operand: Json, dialect: Dialect): FieldTest {
  const excluded = isObject(operand) ? excludedTexts(operand, dialect) : excludedValues(operand);
  return (value) => isScalar(value) && !excluded.some((fits) => fits(value));
}

function excludedTexts(operand: JsonObject, dialect: Dialect): readonly FieldTest[] {
  const [entry, ...more] = Object.entries(operand);
  const allowed = ["prefix", "suffix", ...(dialect.nested ? ["equals-ignore-case", "wildcard"] : [])];
  if (entry === undefined || more.length > 0 || !allowed.includes(entry[0]))
    return refuse('"anything-but" takes values, a prefix or a suffix');
  const [operator, wanted] = entry;
  const texts: readonly Json[] = dialect.nested && Array.isArray(wanted) ? wanted : [wanted];
  if (texts.length === 0) return refuse(`"${operator}" takes a text`);
  return texts.map((text) => compileText(operator, text, dialect));
}

function excludedValues(operand: Json): readonly FieldTest[] {
  const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0 || !excluded.every((one) => typeof one === "string" || typeof one === "number"))
    return refuse('"anything-but" takes texts or numbers');
  return excluded.map((one) => (value) => value === one);
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** Numbers only: DynamoDB writes its own numbers as text, which this does not compare (nor does AWS). */
function compileNumeric(operand: Json): FieldTest {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    return refuse('"numeric" takes one or two comparisons');
  const parts: { compare: (left: number, right: number) => boolean; limit: number }[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons[String(operand[index])];
    const limit: unknown = operand[index + 1];
    if (compare === undefined || typeof limit !== "number")
      return refuse('"numeric" takes pairs such as ">", 0');
    parts.push({ compare, limit });
  }
  return (value) => typeof value === "number" && parts.every(({ compare, limit }) => compare(value, limit));
}
