import { itemBytes, itemBytesMax, type StoredItem, type TransactionWrite } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { newKey, type OpenStore, written } from "./store.ts";

/** An item of exactly so many bytes. */
function itemOf(bytes: number): StoredItem {
  const empty = { ...newKey(), n: -10.25, filler: "" };
  return { ...empty, filler: "x".repeat(bytes - itemBytes(empty)) };
}

const tooLarge = { ok: false, error: { type: "item-too-large" } } as const;

export function describeSizes(store: OpenStore): void {
  describe("sizes", () => {
    test("an item of 400 KB is stored, one byte more is not, by put and in a transaction", async () => {
      const { items } = store();
      const fits = itemOf(itemBytesMax);
      const { filler: _, ...rest } = fits;
      const large = { ...rest, filler: `${fits["filler"]}x` };
      expect(await items.put("Carts", fits, [])).toEqual(written);
      expect(await items.put("Carts", large, [])).toMatchObject(tooLarge);
      const put = (item: StoredItem) => ({ type: "put", table: "Carts", item, onlyIf: [] }) as const;
      expect(await items.transact([put(large)])).toMatchObject(tooLarge);
      expect(await items.transact([put(fits)])).toEqual(written);
      expect(await items.get("Carts", fits)).toEqual({ ok: true, value: fits });
    });

    test("an item does not grow beyond it, by update and in a transaction", async () => {
      const { items } = store();
      const item = itemOf(itemBytesMax - 2);
      await items.put("Carts", item, []);
      const grow = { set: { a: "22" }, onlyIf: [] };
      const other = newKey();
      const elsewhere: TransactionWrite = {
        type: "update",
        table: "Carts",
        key: other,
        update: { add: { v: 1 }, onlyIf: [] },
      };
      expect(await items.update("Carts", item, grow)).toMatchObject(tooLarge);
      expect(
        await items.transact([elsewhere, { type: "update", table: "Carts", key: item, update: grow }]),
      ).toMatchObject(tooLarge);
      expect(await items.get("Carts", item)).toEqual({ ok: true, value: item });
      expect(await items.get("Carts", other)).toEqual({ ok: true, value: undefined });
      expect(await items.update("Carts", item, { set: { a: "1" }, onlyIf: [] })).toMatchObject({ ok: true });
    });

    test("a transaction holds no more than 4 MB", async () => {
      const { items } = store();
      const puts = (count: number) =>
        Array.from({ length: count }, () => {
          const item = itemOf(itemBytesMax - 1_000);
          return { type: "put", table: "Carts", item, onlyIf: [] } as const;
        });
      const many = puts(11);
      expect(await items.transact(many)).toMatchObject(tooLarge);
      for (const { item } of many) {
        expect(await items.get("Carts", item)).toEqual({ ok: true, value: undefined });
      }
      expect(await items.transact(puts(10))).toEqual(written);
    });
  });
}
