type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Test = (value: unknown) => boolean;

/** A filter pattern that Lambda would refuse. */
export class FilterPatternError extends Error {
  constructor(pattern: string, detail: string) {
    super(`Invalid filter pattern definition: ${detail} in ${pattern}`);
    this.name = "FilterPatternError";
  }
}

/**
 * Compiles filter patterns to one test of an event: it passes when any pattern fits, and always when there are none.
 * Lambda's rules: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * Throws `FilterPatternError`.
 */
export function compileFilters(patterns: readonly string[]): (event: unknown) => boolean {
  const tests = patterns.map(compilePattern);
  return (event) => tests.length === 0 || tests.some((test) => test(event));
}

function compilePattern(text: string): Test {
  const fail = (detail: string): never => {
    throw new FilterPatternError(text, detail);
  };
  let pattern: Json;
  try {
    pattern = JSON.parse(text);
  } catch {
    return fail("it is not JSON");
  }
  return isObject(pattern) ? compileObject(pattern, fail) : fail("it is not an object");
}

type Fail = (detail: string) => never;

/** All fields must fit. An event's array fits when one of its elements does. */
function compileObject(pattern: { readonly [name: string]: Json }, fail: Fail): Test {
  const fields = Object.entries(pattern).map(([name, wanted]): Test => {
    if (name === "$or") return compileOr(wanted, fail);
    const test = Array.isArray(wanted)
      ? compileLeaf(wanted, name, fail)
      : isObject(wanted)
        ? compileObject(wanted, fail)
        : fail(`"${name}" must be an object or an array`);
    return (event) => test(isObject(event) ? event[name] : undefined);
  });
  if (fields.length === 0) fail("an object is empty");
  return (event) =>
    Array.isArray(event)
      ? event.some((one) => fields.every((fits) => fits(one)))
      : fields.every((fits) => fits(event));
}

function compileOr(alternatives: Json, fail: Fail): Test {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    return fail('"$or" needs two patterns or more');
  const tests = alternatives.map((one: Json) =>
    isObject(one) ? compileObject(one, fail) : fail('"$or" holds no object'),
  );
  return (event) => tests.some((test) => test(event));
}

function compileLeaf(choices: readonly Json[], name: string, fail: Fail): Test {
  if (choices.length === 0) fail(`"${name}" allows nothing`);
  const tests = choices.map((choice): Test => {
    if (isObject(choice)) return compileOperator(choice, fail);
    if (Array.isArray(choice)) return fail(`"${name}" holds an array in its array`);
    return eachElement((value) => value === choice);
  });
  return (value) => tests.some((test) => test(value));
}

/** An array in the event is a set of values, of which one must fit. */
function eachElement(test: Test): Test {
  return (value) => (Array.isArray(value) ? value.some(test) : test(value));
}

function compileOperator(choice: { readonly [name: string]: Json }, fail: Fail): Test {
  const [entry, ...more] = Object.entries(choice);
  if (entry === undefined || more.length > 0) return fail("an operator stands alone in its object");
  const [operator, operand] = entry;
  switch (operator) {
    case "prefix":
    case "suffix":
    case "equals-ignore-case":
      return eachElement(textTest(operator, operand, fail));
    case "anything-but":
      return eachElement(compileAnythingBut(operand, fail));
    case "numeric":
      return eachElement(compileNumeric(operand, fail));
    case "exists":
      if (typeof operand !== "boolean") return fail('"exists" is true or false');
      // Only leaves exist: an object is no value.
      return (value) => (value !== undefined && !isObject(value)) === operand;
    default:
      return fail(`unrecognized match type "${operator}"`);
  }
}

function textTest(operator: string, operand: Json, fail: Fail): Test {
  if (typeof operand !== "string") return fail(`"${operator}" takes a text`);
  const lower = operand.toLowerCase();
  const tests: Record<string, (value: string) => boolean> = {
    prefix: (value) => value.startsWith(operand),
    suffix: (value) => value.endsWith(operand),
    "equals-ignore-case": (value) => value.toLowerCase() === lower,
  };
  const test = tests[operator] ?? fail(`"${operator}" compares no text`);
  return (value) => typeof value === "string" && test(value);
}

/** A field that is absent does not fit: it is not anything. */
function compileAnythingBut(operand: Json, fail: Fail): Test {
  if (isObject(operand)) {
    const [entry, ...more] = Object.entries(operand);
    if (entry === undefined || more.length > 0 || !["prefix", "suffix"].includes(entry[0])) {
      return fail('"anything-but" takes values, a prefix or a suffix');
    }
    const excluded = textTest(entry[0], entry[1], fail);
    return (value) => isLeaf(value) && !excluded(value);
  }
  const excluded: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0 || !excluded.every((one) => typeof one === "string" || typeof one === "number")) {
    return fail('"anything-but" takes texts or numbers');
  }
  return (value) => isLeaf(value) && !excluded.some((one) => one === value);
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** Numbers only: DynamoDB writes its own numbers as text, which this does not compare (nor does Lambda). */
function compileNumeric(operand: Json, fail: Fail): Test {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    return fail('"numeric" takes one or two comparisons');
  }
  const parts: { compare: (left: number, right: number) => boolean; limit: number }[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = comparisons[String(operand[index])];
    const limit: unknown = operand[index + 1];
    if (compare === undefined || typeof limit !== "number")
      return fail('"numeric" takes pairs such as ">", 0');
    parts.push({ compare, limit });
  }
  return (value) => typeof value === "number" && parts.every(({ compare, limit }) => compare(value, limit));
}

function isObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLeaf(value: unknown): boolean {
  return value !== undefined && !isObject(value);
}
