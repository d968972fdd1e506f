/** What metric math comes to: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html. */
import { err, ok, type Result } from "@antipode/core";
import type { MathFunction, MathNode, MathOperator } from "./metric-math.ts";

/** A value for each period, with gaps. */
export type TimeSeries = readonly (number | undefined)[];

export type MathValue =
  | { readonly type: "scalar"; readonly value: number | undefined }
  | { readonly type: "series"; readonly points: TimeSeries }
  | { readonly type: "array"; readonly all: readonly TimeSeries[] };

export interface MathScope {
  /** How many periods there are. */
  readonly length: number;
  /** The value behind an id. */
  readonly valueOf: (id: string) => MathValue | undefined;
  /** All metrics by id, expressions left out: what `METRICS()` stands for. */
  readonly metrics: ReadonlyMap<string, TimeSeries>;
}

class MathTypeError extends Error {}

/** The one series that an expression gives. Whether it gives one depends on types alone, never on the values. */
export function evaluateMath(node: MathNode, scope: MathScope): Result<MathValue, string> {
  try {
    return ok(evaluate(node, scope));
  } catch (error) {
    if (error instanceof MathTypeError) return err(error.message);
    throw error;
  }
}

function evaluate(node: MathNode, scope: MathScope): MathValue {
  switch (node.type) {
    case "number":
      return { type: "scalar", value: node.value };
    case "id": {
      const value = scope.valueOf(node.id);
      if (value === undefined) throw new MathTypeError(`there is no metric or expression ${node.id}`);
      return value;
    }
    case "negative":
      return mapped(evaluate(node.of, scope), (value) => -value);
    case "operator":
      return combined(node.operator, evaluate(node.left, scope), evaluate(node.right, scope));
    case "list":
      return { type: "array", all: node.items.flatMap((item) => allOf(evaluate(item, scope))) };
    case "word":
      throw new MathTypeError(`${node.word} is no value`);
    case "call":
      return functions[node.name](node.args, scope);
  }
}

function allOf(value: MathValue): readonly TimeSeries[] {
  if (value.type === "scalar") throw new MathTypeError("a list holds time series, no numbers");
  return value.type === "series" ? [value.points] : value.all;
}

function mapped(value: MathValue, change: (value: number) => number): MathValue {
  const changed = (one: number | undefined) => (one === undefined ? undefined : finite(change(one)));
  if (value.type === "scalar") return { type: "scalar", value: changed(value.value) };
  if (value.type === "series") return { type: "series", points: value.points.map(changed) };
  return { type: "array", all: value.all.map((points) => points.map(changed)) };
}

/** What divides by zero is dropped. */
const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

const operations: Readonly<Record<MathOperator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

function combined(operator: MathOperator, left: MathValue, right: MathValue): MathValue {
  const operate = operations[operator];
  if (right.type === "scalar") {
    const { value } = right;
    return mapped(left, (one) => (value === undefined ? Number.NaN : operate(one, value)));
  }
  if (left.type === "scalar") {
    const { value } = left;
    return mapped(right, (one) => (value === undefined ? Number.NaN : operate(value, one)));
  }
  if (left.type === "series" && right.type === "series") {
    return { type: "series", points: paired(left.points, right.points, operate) };
  }
  return { type: "array", all: pairsOf(left, right).map(([a, b]) => paired(a, b, operate)) };
}

/** Of two series one of which has a value, the other's is 0; where neither has one, there is none. */
function paired(
  left: TimeSeries,
  right: TimeSeries,
  operate: (left: number, right: number) => number,
): TimeSeries {
  return left.map((one, at) => {
    const other = right[at];
    return one === undefined && other === undefined ? undefined : finite(operate(one ?? 0, other ?? 0));
  });
}

function pairsOf(left: MathValue, right: MathValue): readonly (readonly [TimeSeries, TimeSeries])[] {
  const [lefts, rights] = [allOf(left), allOf(right)];
  if (left.type === "array" && right.type === "array" && lefts.length !== rights.length)
    throw new MathTypeError("two lists of unlike length cannot be combined");
  const length = Math.max(lefts.length, rights.length);
  const at = (all: readonly TimeSeries[], index: number) => all[all.length === 1 ? 0 : index] ?? [];
  return Array.from({ length }, (_, index) => [at(lefts, index), at(rights, index)] as const);
}

type Run = (args: readonly MathNode[], scope: MathScope) => MathValue;

function only(name: MathFunction, args: readonly MathNode[]): MathNode {
  const [first, extra] = args;
  if (first === undefined || extra !== undefined) throw new MathTypeError(`${name} takes one argument`);
  return first;
}

const mapping =
  (name: MathFunction, change: (value: number) => number): Run =>
  (args, scope) =>
    mapped(evaluate(only(name, args), scope), change);

/** Of one series a number, of several a series. */
const reducing =
  (name: MathFunction, reduce: (values: readonly number[], of: number) => number): Run =>
  (args, scope) => {
    const value = evaluate(only(name, args), scope);
    const reduced = (values: TimeSeries): number | undefined => {
      const present = values.filter((one) => one !== undefined);
      return present.length === 0 ? undefined : reduce(present, values.length);
    };
    if (value.type === "scalar") throw new MathTypeError(`${name} takes time series`);
    if (value.type === "series") return { type: "scalar", value: reduced(value.points) };
    const points = Array.from({ length: scope.length }, (_, at) => reduced(value.all.map((one) => one[at])));
    return { type: "series", points };
  };

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const functions: Readonly<Record<MathFunction, Run>> = {
  ABS: mapping("ABS", Math.abs),
  CEIL: mapping("CEIL", Math.ceil),
  FLOOR: mapping("FLOOR", Math.floor),
  SUM: reducing("SUM", total),
  MAX: reducing("MAX", (values) => Math.max(...values)),
  MIN: reducing("MIN", (values) => Math.min(...values)),
  AVG: reducing("AVG", (values, of) => total(values) / of), // what is missing counts as 0
  METRICS([part, extra], { metrics }) {
    if (extra !== undefined || (part !== undefined && part.type !== "word"))
      throw new MathTypeError("METRICS takes one text or nothing");
    const all = [...metrics].filter(([id]) => part === undefined || id.includes(part.word));
    return { type: "array", all: all.map(([, points]) => points) };
  },
  FILL([of, filler, extra], scope) {
    if (of === undefined || filler === undefined || extra !== undefined)
      throw new MathTypeError("FILL takes a time series and what to fill it with");
    const value = evaluate(of, scope);
    const fill = fillerOf(filler, scope);
    if (value.type === "scalar") throw new MathTypeError("FILL takes time series");
    if (value.type === "series") return { type: "series", points: fill(value.points) };
    return { type: "array", all: value.all.map(fill) };
  },
  IF([condition, whenTrue, whenFalse, extra], scope) {
    if (condition === undefined || whenTrue === undefined || extra !== undefined)
      throw new MathTypeError("IF takes a condition and one or two values");
    const otherwise = whenFalse === undefined ? undefined : evaluate(whenFalse, scope);
    return chosen(evaluate(condition, scope), evaluate(whenTrue, scope), otherwise, scope);
  },
};

function fillerOf(filler: MathNode, scope: MathScope): (points: TimeSeries) => TimeSeries {
  if (filler.type === "word") {
    if (filler.word !== "REPEAT") throw new MathTypeError(`FILL with ${filler.word} is not run`);
    return (points) => {
      let last: number | undefined;
      return points.map((point) => {
        last = point ?? last;
        return last;
      });
    };
  }
  const value = evaluate(filler, scope);
  return (points) => points.map((point, at) => point ?? pointOf(value, at));
}

function pointOf(value: MathValue, at: number): number | undefined {
  if (value.type === "array") throw new MathTypeError("one time series is expected, not several");
  return value.type === "scalar" ? value.value : value.points[at];
}

/** No condition, no value. A condition that holds where its series has a gap gives 0; one that does not hold, nothing. */
function chosen(
  condition: MathValue,
  whenTrue: MathValue,
  whenFalse: MathValue | undefined,
  { length }: MathScope,
): MathValue {
  const points = Array.from({ length }, (_, at) => {
    const holds = pointOf(condition, at);
    if (holds === undefined) return undefined;
    if (holds !== 0) return pointOf(whenTrue, at) ?? 0;
    return whenFalse === undefined ? undefined : pointOf(whenFalse, at);
  });
  return { type: "series", points };
}
