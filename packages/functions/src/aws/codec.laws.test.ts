import { fromAttributes, type StoredItem, toAttributes } from "@antipode/core";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import fc from "fast-check";
import { expect, test } from "vitest";

// The SDK refuses a map with a member "constructor" and loses one called "__proto__"; ours stores both.
const anyName = fc.string({ minLength: 1 }).filter((name) => name !== "constructor" && name !== "__proto__");
const anyScalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc
    .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 })
    .map((members) => new Set(members)),
);
const anyItem: fc.Arbitrary<StoredItem> = fc
  .dictionary(
    anyName,
    fc.oneof(anyScalar, fc.array(anyScalar, { maxLength: 3 }), fc.dictionary(anyName, anyScalar)),
    { noNullPrototype: true },
  )
  .map((attributes) => ({ ...attributes, pk: "a", sk: "b" }));

test("our codec writes and reads what the SDK's does", () => {
  fc.assert(
    fc.property(anyItem, (item) => {
      const sdk = marshall(item);
      expect(toAttributes(item)).toEqual(sdk);
      expect(fromAttributes(sdk)).toEqual({ ok: true, value: unmarshall(sdk) });
    }),
  );
});
