import type { Condition, ItemKey, Items, ItemValue, TransactionWrite, Update } from "@antipode/core";
import { createFakeItems, productId } from "@antipode/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConformanceStore } from "./items-conformance.ts";
import { conformanceOrigin } from "./items-conformance.ts";

/** Few names and values of every kind, so that conditions and additions meet their type and others. */
const anyName = fc.constantFrom("a", "b", "c");
const anyMembers = fc.subarray(["m", "n", "o"], { minLength: 1 }).map((members) => new Set(members));
const anyValue: fc.Arbitrary<ItemValue> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("", "m", "n", "1"),
  anyMembers,
  fc.constantFrom(null, true),
  fc.constantFrom<ItemValue>([], ["m"], {}, { m: 1 }),
);
const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ type: fc.constantFrom("absent" as const, "present" as const), attribute: anyName }),
  fc.record({
    type: fc.constant("equals" as const),
    attribute: anyName,
    value: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom("", "m")),
  }),
  fc.record({ type: fc.constant("lacks" as const), attribute: anyName, member: fc.constantFrom("m", "n") }),
  fc.record({
    type: fc.constant("below" as const),
    attribute: anyName,
    limit: fc.integer({ min: -3, max: 3 }),
  }),
  fc.record({
    type: fc.constant("at-least" as const),
    attribute: anyName,
    floor: fc.integer({ min: -3, max: 3 }),
  }),
  fc.record({
    type: fc.constant("fewer" as const),
    attribute: anyName,
    limit: fc.integer({ min: 1, max: 3 }),
  }),
);
const anyConditions = fc.array(anyCondition, { maxLength: 2 });

/** Each attribute is set, removed, added to or left alone; an update of nothing sets `z`. */
const anyUpdate: fc.Arbitrary<Update> = fc
  .record({
    a: fc.constantFrom("set", "remove", "add", "leave"),
    b: fc.constantFrom("set", "remove", "add", "leave"),
    value: anyValue,
    by: fc.oneof(fc.integer({ min: -3, max: 3 }), anyMembers),
    onlyIf: anyConditions,
  })
  .map(({ a, b, value, by, onlyIf }) => {
    const names = (what: string) => [["a", a] as const, ["b", b] as const].filter(([, is]) => is === what);
    const of = <T>(what: string, to: T) => Object.fromEntries(names(what).map(([name]) => [name, to]));
    return {
      set: { ...of<ItemValue>("set", value), ...(a === "leave" && b === "leave" ? { z: 1 } : {}) },
      remove: names("remove").map(([name]) => name),
      add: of("add", by),
      onlyIf,
    };
  });

type Step =
  | { readonly type: "one"; readonly write: Write }
  | { readonly type: "many"; readonly writes: readonly Write[]; readonly token: number | undefined };

/** A write of the item with that number. */
type Write = { readonly key: number } & (
  | { readonly type: "put"; readonly value: ItemValue; readonly onlyIf: readonly Condition[] }
  | { readonly type: "update"; readonly update: Update }
  | { readonly type: "check"; readonly onlyIf: readonly Condition[] }
);

const anyKey = fc.nat({ max: 2 });
const anyPut = fc.record({
  type: fc.constant("put" as const),
  key: anyKey,
  value: anyValue,
  onlyIf: anyConditions,
});
const anyChange = fc.record({ type: fc.constant("update" as const), key: anyKey, update: anyUpdate });
const anyCheck = fc.record({
  type: fc.constant("check" as const),
  key: anyKey,
  onlyIf: fc.array(anyCondition, { minLength: 1, maxLength: 2 }),
});
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("one" as const), write: fc.oneof(anyPut, anyChange) }),
  fc.record({
    type: fc.constant("many" as const),
    writes: fc.uniqueArray(fc.oneof(anyPut, anyChange, anyCheck), {
      minLength: 1,
      maxLength: 3,
      selector: ({ key }) => key,
    }),
    token: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
  }),
);

function bind(write: Write, keys: readonly ItemKey[]): TransactionWrite {
  const key = keys[write.key] ?? { pk: "", sk: "" };
  switch (write.type) {
    case "put":
      return {
        type: "put",
        table: "Catalog",
        item: { pk: key.pk, sk: key.sk, a: write.value },
        onlyIf: write.onlyIf,
      };
    case "update":
      return { type: "update", table: "Catalog", key, update: write.update };
    case "check":
      return { type: "check", table: "Catalog", key, onlyIf: write.onlyIf };
  }
}

function call(items: Items, step: Step, keys: readonly ItemKey[], tokens: string): Promise<unknown> {
  if (step.type === "many") {
    const options = step.token === undefined ? {} : { token: `${tokens}-${step.token}` };
    return items.transact(
      step.writes.map((write) => bind(write, keys)),
      options,
    );
  }
  const write = bind(step.write, keys);
  return write.type === "put"
    ? items.put(write.table, write.item, write.onlyIf)
    : write.type === "update"
      ? items.update(write.table, write.key, write.update)
      : Promise.resolve();
}

/** What came of it; how a bug is worded differs. */
function outcome(called: Promise<unknown>): Promise<unknown> {
  return called.catch(() => "threw");
}

/** The adapter in memory is a model of the others: the same calls have the same outcomes and leave the same items. */
export function itemsEquivalence(name: string, open: () => Promise<ConformanceStore>, numRuns: number): void {
  describe(`items port: ${name}`, () => {
    test("does as the adapter in memory does, whatever is written", { timeout: 60_000 }, async () => {
      const store = await open();
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 10 }), async (steps) => {
          runs += 1;
          const model = createFakeItems(conformanceOrigin);
          const keys = [0, 1, 2].map((n) => ({
            pk: `PRODUCT#${productId(`run-${runs}-${n}`)}`,
            sk: `EDIT#${conformanceOrigin}`,
          }));
          for (const step of steps) {
            const expected = await outcome(call(model, step, keys, `run-${runs}`));
            expect(await outcome(call(store.items, step, keys, `run-${runs}`))).toEqual(expected);
          }
          for (const key of keys) {
            expect(await store.items.get("Catalog", key)).toEqual(await model.get("Catalog", key));
          }
        }),
        { numRuns },
      );
      await store.close();
    });
  });
}
