import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, ruleDialect } from "./pattern.ts";

/**
 * What a pattern means, said otherwise than it is built: an event is a list of paths with their values, and a pattern
 * is a list of paths with choices, each of which must hold for some value of its path.
 */
type Value = string | number | boolean | null;
type Choice = { readonly json: unknown; readonly holds: (values: readonly Value[]) => boolean };

const name = fc.constantFrom("a", "b", "c");
const text = fc.string({ unit: fc.constantFrom("x", "y", "X", ".", "*", "\\"), maxLength: 5 });
const value: fc.Arbitrary<Value> = fc.oneof(
  text,
  fc.integer({ min: -2, max: 2 }),
  fc.boolean(),
  fc.constant(null),
);
const leaf = fc.oneof(value, fc.array(value, { maxLength: 3 }));
const event = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf, { maxKeys: 3 })), { maxKeys: 3 });

const some = (json: unknown, test: (value: Value) => boolean): Choice => ({
  json,
  holds: (values) => values.some(test),
});
const ofText = (json: unknown, test: (value: string) => boolean) =>
  some(json, (one) => typeof one === "string" && test(one));
const lower = (one: string) => one.toLowerCase();

/** A pattern of stars and literal pieces, and the regular expression that means the same. */
const wildcard = fc.array(text, { minLength: 1, maxLength: 3 }).map((pieces) => {
  const literal = pieces.map((piece) => piece.replace(/[\\*]/g, "\\$&"));
  const apart = literal.filter((piece, at) => at === 0 || at === literal.length - 1 || piece !== "");
  const source = pieces.filter((piece, at) => at === 0 || at === pieces.length - 1 || piece !== "");
  const escaped = source.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { pattern: apart.join("*"), regex: new RegExp(`^${escaped.join("[^]*")}$`) };
});

const choice: fc.Arbitrary<Choice> = fc.oneof(
  value.map((wanted) => some(wanted, (one) => one === wanted)),
  text.map((wanted) => ofText({ prefix: wanted }, (one) => one.startsWith(wanted))),
  text.map((wanted) => ofText({ suffix: wanted }, (one) => one.endsWith(wanted))),
  text.map((wanted) => ofText({ "equals-ignore-case": wanted }, (one) => lower(one) === lower(wanted))),
  text.map((wanted) =>
    ofText({ prefix: { "equals-ignore-case": wanted } }, (one) => lower(one).startsWith(lower(wanted))),
  ),
  wildcard.map(({ pattern, regex }) => ofText({ wildcard: pattern }, (one) => regex.test(one))),
  wildcard.map(({ pattern, regex }) =>
    some({ "anything-but": { wildcard: pattern } }, (one) => !(typeof one === "string" && regex.test(one))),
  ),
  fc
    .array(fc.oneof(text, fc.integer({ min: -2, max: 2 })), { minLength: 1, maxLength: 2 })
    .map((wanted) => some({ "anything-but": wanted }, (one) => !wanted.some((not) => not === one))),
  fc
    .integer({ min: -2, max: 2 })
    .map((limit) => some({ numeric: [">=", limit] }, (one) => typeof one === "number" && one >= limit)),
  fc
    .boolean()
    .map((exists): Choice => ({ json: { exists }, holds: (values) => values.length > 0 === exists })),
);

type Condition = { readonly path: readonly string[]; readonly choices: readonly Choice[] };

const condition: fc.Arbitrary<Condition> = fc.record({
  path: fc.array(name, { minLength: 1, maxLength: 2 }),
  choices: fc.array(choice, { minLength: 1, maxLength: 3 }),
});

const jsonOf = ({ path, choices }: Condition) =>
  path.toReversed().reduce<unknown>(
    (inner, step) => ({ [step]: inner }),
    choices.map(({ json }) => json),
  );

/** An event whose path goes through a value has no values there. */
function valuesAt(of: unknown, [step, ...rest]: readonly string[]): readonly Value[] {
  if (step === undefined) {
    if (Array.isArray(of)) return of;
    return of === undefined || (typeof of === "object" && of !== null) ? [] : [of as Value];
  }
  if (typeof of !== "object" || of === null || Array.isArray(of)) return [];
  return valuesAt((of as Record<string, unknown>)[step], rest);
}

const holds = (of: unknown, { path, choices }: Condition) =>
  choices.some((one) => one.holds(valuesAt(of, path)));

function fits(pattern: unknown, of: unknown): boolean {
  const compiled = compilePattern(JSON.stringify(pattern), ruleDialect);
  if (!compiled.ok) throw new Error(`${compiled.error} in ${JSON.stringify(pattern)}`);
  return compiled.value(of);
}

describe("a pattern", () => {
  it("of one field means what is said of it", () => {
    let fitting = 0;
    fc.assert(
      fc.property(event, condition, (of, one) => {
        const expected = holds(of, one);
        fitting += expected ? 1 : 0;
        expect(fits(jsonOf(one), of)).toBe(expected);
      }),
      { seed: 11, numRuns: 2_000 },
    );
    expect(fitting).toBeGreaterThan(200);
  });

  it("of several fields asks for all of them, and $or for one", () => {
    fc.assert(
      fc.property(event, fc.array(condition, { minLength: 2, maxLength: 3 }), (of, all) => {
        const distinct = [...new Map(all.map((one) => [one.path[0], one])).values()];
        const together = Object.assign({}, ...distinct.map(jsonOf));
        expect(fits(together, of)).toBe(distinct.every((one) => holds(of, one)));
        expect(fits({ $or: all.map(jsonOf) }, of)).toBe(all.some((one) => holds(of, one)));
      }),
      { seed: 12, numRuns: 1_000 },
    );
  });
});
