import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDocument, statementsOf } from "./policy.ts";

const word = fc.stringMatching(/^[a-z][a-zA-Z0-9:*/-]{0,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 4 });
const statement = fc.record({
  effect: fc.constantFrom("Allow", "Deny"),
  actions: words,
  resources: words,
  conditions: fc.uniqueArray(fc.record({ test: word, variable: word, values: words }), {
    maxLength: 3,
    selector: ({ test, variable }) => `${test}/${variable}`,
  }),
});

describe("a policy", () => {
  it("comes back from its document with every action, resource and condition", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
        const read = statementsOf(policyDocument({ statements })["json"]);
        expect(read.map(({ effect, actions, resources }) => ({ effect, actions, resources }))).toEqual(
          statements.map(({ effect, actions, resources }) => ({ effect, actions, resources })),
        );
        const conditions = read.map((one) =>
          Object.entries(one.conditions ?? {}).flatMap(([test, keys]) =>
            Object.entries(keys).map(([variable, values]) => ({ test, variable, values })),
          ),
        );
        statements.forEach((one, index) => {
          expect(conditions[index]).toHaveLength(one.conditions.length);
          expect(conditions[index]).toEqual(expect.arrayContaining(one.conditions));
        });
      }),
    );
  });
});
