import { fitsArn, fitsWildcards } from "./match.ts";
import type { Conditions } from "./statement.ts";

/** What a request offers to conditions: condition key → values. Keys compare without case, as AWS does. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

/** Why a policy could not be evaluated. The evaluator then denies: it never guesses. */
export type UnsupportedCondition =
  | { readonly type: "unsupported-operator"; readonly operator: string }
  | { readonly type: "unsupported-variable"; readonly value: string };

type Compare = (wanted: string, actual: string) => boolean;

interface Operator {
  readonly compare: Compare;
  /** A negated operator holds when no value matches, and also when the key is absent. */
  readonly negated: boolean;
}

const sameText: Compare = (wanted, actual) => wanted === actual;
const sameTextAnyCase: Compare = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();
const is = (compare: Compare): Operator => ({ compare, negated: false });
const isNot = (compare: Compare): Operator => ({ compare, negated: true });

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(sameText),
  StringNotEquals: isNot(sameText),
  StringEqualsIgnoreCase: is(sameTextAnyCase),
  StringNotEqualsIgnoreCase: isNot(sameTextAnyCase),
  StringLike: is(fitsWildcards),
  StringNotLike: isNot(fitsWildcards),
  ArnEquals: is(fitsArn),
  ArnNotEquals: isNot(fitsArn),
  ArnLike: is(fitsArn),
  ArnNotLike: isNot(fitsArn),
  Bool: is(sameTextAnyCase),
};

type Quantifier = "none" | "for-all" | "for-any";

interface ParsedOperator {
  readonly name: string;
  readonly quantifier: Quantifier;
  readonly ifExists: boolean;
}

function parseOperator(text: string): ParsedOperator {
  let name = text;
  let quantifier: Quantifier = "none";
  if (name.startsWith("ForAllValues:")) {
    quantifier = "for-all";
    name = name.slice("ForAllValues:".length);
  } else if (name.startsWith("ForAnyValue:")) {
    quantifier = "for-any";
    name = name.slice("ForAnyValue:".length);
  }
  const ifExists = name.endsWith("IfExists");
  return { name: ifExists ? name.slice(0, -"IfExists".length) : name, quantifier, ifExists };
}

function contextValues(context: RequestContext, key: string): readonly string[] | undefined {
  const lowerKey = key.toLowerCase();
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === lowerKey);
  return found?.[1];
}

/**
 * Whether one key holds. An absent key fails a plain operator, satisfies a negated one and every `ForAllValues`
 * (the documented trap: pair `ForAllValues` with a `Null` condition).
 * Several values under an operator without quantifier must all match: AWS leaves that case undefined, so the
 * stricter reading is taken.
 */
function keyHolds(
  operator: Operator,
  parsed: ParsedOperator,
  wanted: readonly string[],
  actual: readonly string[],
) {
  const matches = (value: string) => wanted.some((one) => operator.compare(one, value)) !== operator.negated;
  return parsed.quantifier === "for-any" ? actual.some(matches) : actual.every(matches);
}

function absentHolds(operator: Operator, parsed: ParsedOperator): boolean {
  if (parsed.ifExists || parsed.quantifier === "for-all") return true;
  return operator.negated && parsed.quantifier === "none";
}

/** Whether all conditions hold for a request, or the first thing in them that is not understood. */
export function conditionsHold(
  conditions: Conditions,
  context: RequestContext,
): boolean | UnsupportedCondition {
  let all = true;
  for (const [operatorText, keys] of Object.entries(conditions)) {
    const parsed = parseOperator(operatorText);
    const operator = operators[parsed.name];
    if (operator === undefined && parsed.name !== "Null") {
      return { type: "unsupported-operator", operator: operatorText };
    }
    for (const [key, given] of Object.entries(keys)) {
      const wanted = typeof given === "string" ? [given] : given;
      const variable = wanted.find((value) => value.includes("${"));
      if (variable !== undefined) return { type: "unsupported-variable", value: variable };
      const actual = contextValues(context, key);
      if (operator === undefined) {
        all &&= wanted.includes(String(actual === undefined || actual.length === 0));
      } else if (actual === undefined || actual.length === 0) {
        all &&= absentHolds(operator, parsed);
      } else {
        all &&= keyHolds(operator, parsed, wanted, actual);
      }
    }
  }
  return all;
}
