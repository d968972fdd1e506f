import {
  cartKey,
  cartPartition,
  type IndexQuery,
  itemBytes,
  type Origin,
  type StoredItem,
} from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  conformanceOrigin,
  expectOk,
  newCart,
  newKey,
  type OpenStore,
  otherOrigin,
  written,
} from "./store.ts";

/** Numbers that DynamoDB's decimals and JavaScript's doubles both hold. */
const anyNumber = fc
  .oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e120, max: 1e120 }),
    fc.constantFrom(1e-120, -1e-120, 0.1, 1e21, 1e-7, 123e100),
  )
  .filter((number) => number === 0 || Math.abs(number) > 1e-125)
  .map((number) => number + 0); // no negative zero: DynamoDB has none

const orderOf = (generation: number) => `ord_${ulidAt(1, 1)}_${ulidAt(1, 1)}_${generation}`;

export function describeReads(store: OpenStore): void {
  describe("reads", () => {
    test("reads back what was put, all kinds of value", async () => {
      const { items } = store();
      const item = {
        ...newKey(),
        text: "ü",
        empty: "",
        number: -1.5,
        flag: false,
        nothing: null,
        set: new Set(["b", "a"]),
        list: ["a", 1, { deep: ["b"] }],
        map: { "f#a": 1, "a.b": 2, none: {} },
      };
      expect(await items.put("Carts", item, [])).toEqual(written);
      expect(await items.get("Carts", { pk: item.pk, sk: item.sk })).toEqual({ ok: true, value: item });
    });

    test("numbers come back as they were", async () => {
      const { items } = store();
      const key = newKey();
      const numbers = fc.uniqueArray(anyNumber, { minLength: 20, maxLength: 60, selector: String });
      await fc.assert(
        fc.asyncProperty(numbers, async (list) => {
          expect(await items.put("Carts", { ...key, list }, [])).toEqual(written);
          expect(await items.get("Carts", key)).toEqual({ ok: true, value: { ...key, list } });
        }),
        { numRuns: 10 },
      );
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e126, -1e126, 1e-131, new Set<string>()])(
      "%s cannot be stored: a bug, and nothing is written",
      async (value) => {
        const { items } = store();
        const key = newKey();
        await expect(items.put("Carts", { ...key, value }, [])).rejects.toThrow(/stored/);
        await expect(items.update("Carts", key, { set: { value }, onlyIf: [] })).rejects.toThrow(/stored/);
        expect(await items.get("Carts", key)).toEqual({ ok: true, value: undefined });
      },
    );

    test("an item that is not there is undefined, and its partition empty", async () => {
      const { items } = store();
      const id = newCart();
      expect(await items.get("Carts", cartKey(id, conformanceOrigin))).toEqual({
        ok: true,
        value: undefined,
      });
      expect(await items.queryPartition("Carts", cartPartition(id))).toEqual({ ok: true, value: [] });
      expect(await items.queryNewest("Carts", cartPartition(id), { limit: 1 })).toEqual({
        ok: true,
        value: [],
      });
    });

    test("what a caller changes afterwards does not reach the store", async () => {
      const { items } = store();
      const key = newKey();
      const members = new Set(["a"]);
      await items.put("Carts", { ...key, members }, []);
      members.add("b");
      expect(await items.get("Carts", key)).toEqual({
        ok: true,
        value: { ...key, members: new Set(["a"]) },
      });
    });
  });

  describe("pages", () => {
    const filler = "x".repeat(300_000);
    const sortKeys = ["a", "b", "c", "d", "e"];
    const sortKeysOf = async (read: Promise<readonly StoredItem[]>) => (await read).map(({ sk }) => sk);

    test("a partition is read whole, by sort key or from its end, beyond one page of 1 MB", async () => {
      const { items } = store();
      const pk = "CONFLICT#many-pages";
      for (const sk of ["c", "a", "e", "b", "d"]) {
        expect(await items.put("Conflicts", { pk, sk, filler }, [])).toEqual(written);
      }
      expect(await sortKeysOf(expectOk(items.queryPartition("Conflicts", pk)))).toEqual(sortKeys);
      const newest = (limit: number, before?: string) =>
        sortKeysOf(
          expectOk(
            items.queryNewest("Conflicts", pk, { limit, ...(before === undefined ? {} : { before }) }),
          ),
        );
      expect(await newest(101)).toEqual([...sortKeys].reverse());
      expect(await newest(5)).toEqual([...sortKeys].reverse());
      expect(await newest(2)).toEqual(["e", "d"]);
      expect(await newest(2, "d")).toEqual(["c", "b"]);
      expect(await newest(2, "b")).toEqual(["a"]);
      expect(await newest(2, "a")).toEqual([]);
      expect(await newest(2, "cc")).toEqual(["c", "b"]);
    });

    test("of more items than a page may have, the newest", async () => {
      const { items } = store();
      const pk = "CONFLICT#many-items";
      const all = Array.from({ length: 130 }, (_, n) => String(n).padStart(3, "0"));
      await Promise.all(all.map((sk) => expectOk(items.put("Conflicts", { pk, sk }, []))));
      expect(await sortKeysOf(expectOk(items.queryPartition("Conflicts", pk)))).toEqual(all);
      const newest = await sortKeysOf(expectOk(items.queryNewest("Conflicts", pk, { limit: 101 })));
      expect(newest).toEqual(all.slice(29).reverse());
    });

    test("sort keys are ordered by their UTF-8 bytes", async () => {
      const { items } = store();
      const pk = "CONFLICT#order";
      const ordered = ["#", "1", "10", "2", "A", "a", "é", "ー", "\uff61", "\u{1f600}"];
      for (const sk of [...ordered].reverse()) {
        await items.put("Conflicts", { pk, sk }, []);
      }
      expect(await sortKeysOf(expectOk(items.queryPartition("Conflicts", pk)))).toEqual(ordered);
      expect(await sortKeysOf(expectOk(items.queryNewest("Conflicts", pk, { limit: 101 })))).toEqual(
        [...ordered].reverse(),
      );
    });

    test("views are listed by category and key, from a key on", async () => {
      const { items } = store();
      const view = (id: string, category: string) => ({
        pk: `PRODUCT#${id}`,
        sk: "VIEW",
        category,
        listKey: id,
      });
      for (const item of [view("b", "toys"), view("a", "toys"), view("c", "toys"), view("d", "books")]) {
        await items.put("Views", item, []);
      }
      const list = async (limit: number, after?: string) => {
        const page = await items.queryIndex("byCategory", {
          value: "toys",
          limit,
          ...(after === undefined ? {} : { beyond: { side: "above", rangeKey: after } }),
        });
        return page.ok ? page.value.map((item) => item["listKey"]) : page.error;
      };
      expect(await list(10)).toEqual(["a", "b", "c"]);
      expect(await list(2)).toEqual(["a", "b"]);
      expect(await list(2, "b")).toEqual(["c"]);
      expect(await list(2, "c")).toEqual([]);
      expect(await list(2, "aa")).toEqual(["b", "c"]);
    });

    test("an index has the items with both of its attributes, from either end, over partitions", async () => {
      const { items, load } = store();
      const placed = (shopper: string, listedAt: string, at: Origin, more: object = {}) => ({
        pk: `ORDER#${orderOf(Number(listedAt))}`,
        sk: `PLACED#${at}`,
        shopper,
        listedAt,
        more: true,
        ...more,
      });
      await load("Orders", placed("anna", "1", otherOrigin));
      await expectOk(items.put("Orders", placed("anna", "2", conformanceOrigin), []));
      await load("Orders", placed("anna", "3", otherOrigin));
      await expectOk(items.put("Orders", placed("ben", "4", conformanceOrigin), []));
      const { shopper: _dropped, ...unlisted } = placed("anna", "5", conformanceOrigin);
      await expectOk(items.put("Orders", unlisted, []));
      const list = async (query: Omit<IndexQuery, "value">) => {
        const page = await expectOk(items.queryIndex("byShopper", { value: "anna", ...query }));
        return page.map((item) => item["listedAt"]);
      };
      expect(await list({ limit: 10 })).toEqual(["1", "2", "3"]);
      const [first] = await expectOk(items.queryIndex("byShopper", { value: "anna", limit: 1 }));
      expect(Object.keys(first ?? {}).sort()).toEqual(["listedAt", "pk", "shopper", "sk"]); // keys, and no more
      expect(await list({ limit: 2, descending: true })).toEqual(["3", "2"]);
      const below = { side: "below", rangeKey: "2" } as const;
      expect(await list({ limit: 2, descending: true, beyond: below })).toEqual(["1"]);
      expect(await list({ limit: 2, beyond: { side: "above", rangeKey: "1" } })).toEqual(["2", "3"]);
      const key = { pk: `ORDER#${orderOf(2)}`, sk: `PLACED#${conformanceOrigin}` };
      await expectOk(items.update("Orders", key, { remove: ["listedAt"], onlyIf: [] }));
      expect(await list({ limit: 10 })).toEqual(["1", "3"]);
    });

    test("a listing is as long as asked, beyond one page of 1 MB", async () => {
      const { items } = store();
      for (const listKey of sortKeys) {
        const item = { pk: `PRODUCT#${listKey}`, sk: "HEAVY", category: "garden", listKey, filler };
        expect(await items.put("Views", item, [])).toEqual(written);
      }
      const page = await expectOk(items.queryIndex("byCategory", { value: "garden", limit: 5 }));
      expect(page.map((item) => item["listKey"])).toEqual(sortKeys);
    });

    test("a scan gives every item once, in pages that 1 MB or the limit ends", async () => {
      const { items } = store();
      const heavy = Array.from({ length: 9 }, (_, n) => ({ pk: `INBOX#heavy-${n}`, sk: "E", filler }));
      const light = Array.from({ length: 60 }, (_, n) => ({ pk: "INBOX#light", sk: String(n) }));
      for (const item of [...heavy, ...light]) {
        expect(await items.put("Inbox", item, [])).toEqual(written);
      }
      const keyOf = ({ pk, sk }: { pk: string; sk: string }) => `${pk} ${sk}`;
      for (const limit of [7, 1_000]) {
        const seen: string[] = [];
        let page = await expectOk(items.scan("Inbox", { limit }));
        for (;;) {
          expect(page.items.length).toBeLessThanOrEqual(limit);
          expect(page.items.slice(1).reduce((sum, item) => sum + itemBytes(item), 0)).toBeLessThan(2 ** 20);
          seen.push(...page.items.map(keyOf));
          if (page.next === undefined) {
            break;
          }
          page = await expectOk(items.scan("Inbox", { limit, after: page.next }));
        }
        expect(seen.toSorted()).toEqual([...heavy, ...light].map(keyOf).toSorted());
      }
    });

    test("a page's limit outside its bounds is a bug", async () => {
      const { items } = store();
      for (const limit of [0, 1.5, 102]) {
        await expect(items.queryNewest("Views", "a", { limit })).rejects.toThrow(/1 to 101/);
        await expect(items.queryIndex("byCategory", { value: "toys", limit })).rejects.toThrow(/1 to 101/);
      }
      await expect(items.scan("Views", { limit: 1_001 })).rejects.toThrow(/1 to 1000/);
    });
  });
}
