import { type ItemValue, itemBytes, toAttributes } from "@antipode/core";
import { itemSize } from "@antipode/local/testing";
import fc from "fast-check";
import { expect, test } from "vitest";

const anyNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ min: -1e120, max: 1e120, noNaN: true }).filter((n) => n === 0 || Math.abs(n) > 1e-120),
  fc.constantFrom(0, 10, 100, 1_000, 0.1, 0.01, -0.001, 12, 120, 1.2, 12.3, 1e21, 1e-7, -1e100),
);

const anyValue: fc.Arbitrary<ItemValue> = fc.letrec<{ value: ItemValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: "binary" }),
    anyNumber,
    fc.boolean(),
    fc.constant(null),
    fc
      .uniqueArray(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 })
      .map((members) => new Set(members)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test("an item is as large by the port's rule as by the engine's", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), anyValue, { noNullPrototype: true }), (attributes) => {
      const item = { ...attributes, pk: "a", sk: "b" };
      expect(itemBytes(item)).toBe(itemSize(toAttributes(item)));
    }),
    { numRuns: 500 },
  );
});
