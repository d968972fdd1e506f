import { describe, expect, test } from "vitest";
import { expectOk, newKey, type OpenStore, refusedWith, written } from "./store.ts";

const lost = { ok: false, error: { type: "unavailable" } } as const;
const absent = { type: "absent", attribute: "o#1" } as const;

/** What a caller sees when a write took effect and its answer did not arrive: never that it did not happen. */
export function describeLostAnswers(store: OpenStore): void {
  describe("a lost answer", () => {
    test("of a put: unavailable, the effect is there, and the same put again is refused with it", async () => {
      const { items, loseNext } = store();
      const item = { ...newKey(), "o#1": "LAMP|+|1", v: 1 };
      loseNext("PutItem");
      expect(await items.put("Carts", item, [absent])).toMatchObject(lost);
      expect(await expectOk(items.get("Carts", item))).toEqual(item);
      expect(await items.put("Carts", item, [absent])).toEqual(refusedWith(item));
    });

    test("of an update: unavailable, the effect is there, and the same update again is refused with it", async () => {
      const { items, loseNext } = store();
      const key = newKey();
      const update = { set: { "o#1": "LAMP|+|1" }, add: { v: 1 }, onlyIf: [absent] };
      loseNext("UpdateItem");
      expect(await items.update("Carts", key, update)).toMatchObject(lost);
      const item = { ...key, "o#1": "LAMP|+|1", v: 1 };
      expect(await expectOk(items.get("Carts", key))).toEqual(item);
      expect(await items.update("Carts", key, update)).toEqual(refusedWith(item));
    });

    test("of a transaction with a token: unavailable, and the same again is written, once", async () => {
      const { items, loseNext } = store();
      const [key, other] = [newKey(), newKey()];
      const writes = [
        { type: "update", table: "Carts", key, update: { add: { v: 1 }, onlyIf: [] } },
        { type: "put", table: "Carts", item: { ...other, "o#1": "" }, onlyIf: [absent] },
      ] as const;
      const options = { token: `lost-${key.pk.slice(-20)}` };
      loseNext("TransactWriteItems");
      expect(await items.transact(writes, options)).toMatchObject(lost);
      expect(await expectOk(items.get("Carts", key))).toEqual({ ...key, v: 1 });
      expect(await items.transact(writes, options)).toEqual(written);
      expect(await expectOk(items.get("Carts", key))).toEqual({ ...key, v: 1 });
    });

    test("of a transaction without a token: the same again is refused with what it wrote", async () => {
      const { items, loseNext } = store();
      const item = { ...newKey(), "o#1": "LAMP|+|1" };
      const writes = [{ type: "put", table: "Carts", item, onlyIf: [absent] }] as const;
      loseNext("TransactWriteItems");
      expect(await items.transact(writes)).toMatchObject(lost);
      expect(await items.transact(writes)).toEqual({
        ok: true,
        value: { type: "refused", refusals: [{ index: 0, item }] },
      });
    });

    test("of a write that was refused is still only unavailable", async () => {
      const { items, loseNext } = store();
      const item = { ...newKey(), "o#1": "LAMP|+|1", v: 1 };
      await items.put("Carts", item, []);
      loseNext("UpdateItem");
      expect(await items.update("Carts", item, { add: { v: 1 }, onlyIf: [absent] })).toMatchObject(lost);
      expect(await expectOk(items.get("Carts", item))).toEqual(item);
    });
  });
}
