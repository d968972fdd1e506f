import {
  type Condition,
  cartKey,
  type ItemKey,
  type StorageError,
  type TransactionOutcome,
  type TransactionWrite,
  transactionWritesMax,
} from "@antipode/core";
import { describe, expect, test } from "vitest";
import { expectOk, newCart, newKey, type OpenStore, otherOrigin, written } from "./store.ts";

const addOne = (key: ItemKey, more: Partial<(TransactionWrite & { type: "update" })["update"]> = {}) =>
  ({ type: "update", table: "Carts", key, update: { add: { v: 1 }, onlyIf: [], ...more } }) as const;
const make = (key: ItemKey) =>
  ({
    type: "put",
    table: "Carts",
    item: { ...key, v: 1 },
    onlyIf: [{ type: "absent", attribute: "v" }],
  }) as const;
const checkAtLeast = (key: ItemKey, floor: number) =>
  ({ type: "check", table: "Carts", key, onlyIf: [{ type: "at-least", attribute: "v", floor }] }) as const;

const standsAt = (v: number): readonly Condition[] =>
  v === 0 ? [{ type: "absent", attribute: "v" }] : [{ type: "equals", attribute: "v", value: v }];

let tokens = 0;
function newToken(): string {
  tokens += 1;
  return `token-${tokens}`;
}

export function describeTransactions(store: OpenStore): void {
  const read = (key: ItemKey) => expectOk(store().items.get("Carts", key));

  describe("transactions", () => {
    test("do all of it, over several tables", async () => {
      const { items } = store();
      const [put, update, check] = [newKey(), newKey(), newKey()];
      await items.put("Carts", { ...check, v: 1 }, []);
      const view = { pk: put.pk, sk: "VIEW" };
      const outcome = await items.transact([
        make(put),
        addOne(update, { set: { a: "1" } }),
        checkAtLeast(check, 1),
        { type: "put", table: "Views", item: { ...view, a: 1 }, onlyIf: [] },
      ]);
      expect(outcome).toEqual(written);
      expect(await read(put)).toEqual({ ...put, v: 1 });
      expect(await read(update)).toEqual({ ...update, v: 1, a: "1" });
      expect(await read(check)).toEqual({ ...check, v: 1 });
      expect(await expectOk(items.get("Views", view))).toEqual({ ...view, a: 1 });
    });

    test("or nothing, and name every write that was refused, with its item", async () => {
      const { items } = store();
      const [free, taken, missing, low] = [newKey(), newKey(), newKey(), newKey()];
      await items.put("Carts", { ...taken, v: 5, x: new Set(["a"]) }, []);
      await items.put("Carts", { ...low, v: 1 }, []);
      const outcome = await items.transact([
        addOne(free),
        make(taken),
        addOne(missing, { onlyIf: [{ type: "present", attribute: "v" }] }),
        checkAtLeast(low, 2),
      ]);
      expect(outcome).toEqual({
        ok: true,
        value: {
          type: "refused",
          refusals: [
            { index: 1, item: { ...taken, v: 5, x: new Set(["a"]) } },
            { index: 2 },
            { index: 3, item: { ...low, v: 1 } },
          ],
        },
      });
      expect(await read(free)).toBeUndefined();
      expect(await read(taken)).toEqual({ ...taken, v: 5, x: new Set(["a"]) });
    });

    test("a check may look at another origin's item, a write may not", async () => {
      const { items, load } = store();
      const foreign = cartKey(newCart(), otherOrigin);
      await load("Carts", { ...foreign, v: 3 });
      const own = newKey();
      expect(await items.transact([addOne(own), checkAtLeast(foreign, 3)])).toEqual(written);
      expect(await items.transact([addOne(own), checkAtLeast(foreign, 4)])).toEqual({
        ok: true,
        value: { type: "refused", refusals: [{ index: 1, item: { ...foreign, v: 3 } }] },
      });
      for (const write of [addOne(foreign), make(foreign)]) {
        expect(await items.transact([addOne(own), write])).toEqual({
          ok: false,
          error: { type: "foreign-item", operation: "TransactWriteItems Carts", key: foreign },
        });
      }
      expect(await read(own)).toEqual({ ...own, v: 1 });
      expect(await read(foreign)).toEqual({ ...foreign, v: 3 });
    });

    test("take a hundred writes and refuse more before anything is sent", async () => {
      const { items } = store();
      const keys = Array.from({ length: transactionWritesMax + 1 }, newKey);
      expect(await items.transact(keys.map((key) => addOne(key)))).toEqual({
        ok: false,
        error: { type: "too-many-writes", operation: "TransactWriteItems Carts", count: 101, limit: 100 },
      });
      expect(await items.transact(keys.slice(1).map((key) => addOne(key)))).toEqual(written);
      expect(await Promise.all(keys.map(async (key) => (await read(key))?.["v"]))).toEqual([
        undefined,
        ...keys.slice(1).map(() => 1),
      ]);
    });

    test.each<[string, (key: ItemKey) => readonly TransactionWrite[], string | undefined]>([
      ["nothing", () => [], undefined],
      ["two writes of one item", (key) => [addOne(key), make(key)], undefined],
      ["a write and a check of one item", (key) => [addOne(key), checkAtLeast(key, 1)], undefined],
      ["a check of nothing", (key) => [{ ...checkAtLeast(key, 1), onlyIf: [] }], undefined],
      ["a malformed update", (key) => [addOne(key, { set: { v: 1 } })], undefined],
      ["an empty token", (key) => [addOne(key)], ""],
      ["a long token", (key) => [addOne(key)], "x".repeat(37)],
    ])("of %s are a bug", async (_what, writes, token) => {
      const { items } = store();
      const key = newKey();
      await expect(items.transact(writes(key), token === undefined ? {} : { token })).rejects.toThrow();
      expect(await read(key)).toBeUndefined();
    });

    test("with one token happen once, whatever has changed since", async () => {
      const { items } = store();
      const [key, gate] = [newKey(), newKey()];
      await items.put("Carts", { ...gate, v: 1 }, []);
      const token = newToken();
      const writes = [addOne(key, { set: { b: 1, a: 2 } }), checkAtLeast(gate, 1)];
      expect(await items.transact(writes, { token })).toEqual(written);
      await items.put("Carts", { ...gate, v: 0 }, []);
      const again = [addOne(key, { set: { a: 2, b: 1 } }), checkAtLeast(gate, 1)];
      expect(await items.transact(again, { token })).toEqual(written);
      expect(await read(key)).toEqual({ ...key, v: 1, a: 2, b: 1 });
      await expect(items.transact([addOne(newKey())], { token })).rejects.toThrow();
      expect(await items.transact([addOne(key)], { token: newToken() })).toEqual(written);
      expect(await read(key)).toMatchObject({ v: 2 });
    });

    test("that were refused may be tried again with their token", async () => {
      const { items } = store();
      const [key, gate] = [newKey(), newKey()];
      const token = newToken();
      const attempt = () => expectOk(items.transact([addOne(key), checkAtLeast(gate, 1)], { token }));
      expect(await attempt()).toEqual({ type: "refused", refusals: [{ index: 1 }] });
      await items.put("Carts", { ...gate, v: 1 }, []);
      expect(await attempt()).toEqual({ type: "written" });
      expect(await read(key)).toEqual({ ...key, v: 1 });
    });

    test("of transactions at the same time with one condition one happens", async () => {
      const { items } = store();
      const [key, ...others] = Array.from({ length: 6 }, newKey);
      if (key === undefined) {
        throw new Error("no key");
      }
      const outcomes = await Promise.all(others.map((other) => items.transact([make(key), addOne(other)])));
      const kindOf = (outcome: { ok: boolean; value?: TransactionOutcome; error?: StorageError }) =>
        outcome.value?.type ?? outcome.error?.type;
      const kinds = outcomes.map(kindOf);
      expect(kinds.filter((kind) => kind === "written")).toHaveLength(1);
      expect(
        kinds.filter((kind) => kind !== "written" && kind !== "refused" && kind !== "contended"),
      ).toEqual([]);
      const touched = await Promise.all(others.map(read));
      expect(touched.map((item) => item !== undefined)).toEqual(kinds.map((kind) => kind === "written"));
    });

    test("of two that each check at the same time what the other one writes one happens", async () => {
      const { items } = store();
      const claim = async (own: ItemKey, other: ItemKey, [v, seen]: readonly [number, number]) => {
        for (let tries = 0; tries < 50; tries += 1) {
          const outcome = await items.transact([
            { type: "put", table: "Carts", item: { ...own, v: v + 1 }, onlyIf: standsAt(v) },
            { type: "check", table: "Carts", key: other, onlyIf: standsAt(seen) },
          ]);
          if (outcome.ok || outcome.error.type !== "contended") {
            return outcome.ok ? outcome.value.type : outcome.error;
          }
        }
        return "contended";
      };
      const [left, right] = [newKey(), newKey()];
      let [l, r] = [0, 0];
      for (let round = 0; round < 20; round += 1) {
        const ends = await Promise.all([claim(left, right, [l, r]), claim(right, left, [r, l])]);
        expect([...ends].sort()).toEqual(["refused", "written"]);
        [l, r] = ends[0] === "written" ? [l + 1, r] : [l, r + 1];
        expect([await read(left), await read(right)].map((item) => item?.["v"] ?? 0)).toEqual([l, r]);
      }
    });
  });
}
