import { cartKey, cartPartition } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { newCart, type OpenStore, otherOrigin } from "./store.ts";

export function describeOwnership(store: OpenStore): void {
  describe("ownership", () => {
    test("an item of another origin is refused before anything is written", async () => {
      const { items } = store();
      const id = newCart();
      const foreign = cartKey(id, otherOrigin);
      const put = await items.put("Carts", { ...foreign, v: 1 }, []);
      const update = await items.update("Carts", foreign, { add: { v: 1 }, onlyIf: [] });
      for (const outcome of [put, update]) {
        expect(outcome).toMatchObject({ ok: false, error: { type: "foreign-item", key: foreign } });
      }
      expect(await items.queryPartition("Carts", cartPartition(id))).toEqual({ ok: true, value: [] });
    });
  });
}
