import { cartKey, cartPartition, type Items, isCartId, viewToItem } from "@antipode/core";
import { origin, productId, ulidAt } from "@antipode/core/testing";
import { beforeAll, describe, expect, test } from "vitest";

const madeAtMs = 1_760_000_000_000;
let carts = 0;

/** A cart that no other test uses: engines keep what earlier tests wrote. */
function newCart() {
  carts += 1;
  const id = `crt_${ulidAt(madeAtMs, 1)}_${ulidAt(madeAtMs, carts)}`;
  if (!isCartId(id)) {
    throw new Error(id);
  }
  return id;
}

export const conformanceOrigin = origin("us-east-1#1");

/** What every adapter of the items port does, the fake included. The tables start empty. */
export function itemsConformance(name: string, open: () => Promise<Items>): void {
  describe(`items port: ${name}`, () => {
    let items: Items;
    beforeAll(async () => {
      items = await open();
    });

    test("reads back what was put, all kinds of value", async () => {
      const item = {
        ...cartKey(newCart(), conformanceOrigin),
        text: "ü",
        empty: "",
        number: -1.5,
        flag: false,
        nothing: null,
        set: new Set(["b", "a"]),
        list: ["a", 1, { deep: ["b"] }],
        map: { "f#a": 1, "a.b": 2 },
      };
      expect(await items.put("Carts", item, [])).toEqual({ ok: true, value: { type: "written" } });
      expect(await items.get("Carts", { pk: item.pk, sk: item.sk })).toEqual({ ok: true, value: item });
    });

    test("an item that is not there is undefined, and its partition empty", async () => {
      const id = newCart();
      expect(await items.get("Carts", cartKey(id, conformanceOrigin))).toEqual({
        ok: true,
        value: undefined,
      });
      expect(await items.queryPartition("Carts", cartPartition(id))).toEqual({ ok: true, value: [] });
    });

    test("a put happens only when its conditions hold, and says what stood in the way", async () => {
      const key = cartKey(newCart(), conformanceOrigin);
      const absent = { type: "absent", attribute: "version" } as const;
      expect(await items.put("Carts", { ...key, version: "1" }, [absent])).toMatchObject({
        value: { type: "written" },
      });
      expect(await items.put("Carts", { ...key, version: "2" }, [absent])).toEqual({
        ok: true,
        value: { type: "refused", item: { ...key, version: "1" } },
      });
      const swap = { type: "equals", attribute: "version", value: "1" } as const;
      expect(await items.put("Carts", { ...key, version: "2" }, [swap])).toMatchObject({
        value: { type: "written" },
      });
      expect(await items.put("Carts", { ...key, version: "3" }, [swap])).toMatchObject({
        value: { type: "refused", item: { version: "2" } },
      });
    });

    test("an update sets, adds to counters and sets, and answers the whole new item", async () => {
      const key = cartKey(newCart(), conformanceOrigin);
      const step = (member: string) =>
        items.update("Carts", key, {
          set: { [`o#${member}`]: "LAMP|+|1" },
          add: { v: 1, x: new Set([member]) },
          onlyIf: [],
        });
      expect(await step("a")).toEqual({
        ok: true,
        value: { type: "written", item: { ...key, "o#a": "LAMP|+|1", v: 1, x: new Set(["a"]) } },
      });
      expect(await step("b")).toMatchObject({ value: { item: { v: 2, x: new Set(["a", "b"]) } } });
    });

    test("an update's conditions: absent, lacks, below", async () => {
      const key = cartKey(newCart(), conformanceOrigin);
      const refusals = [
        { type: "absent", attribute: "a" },
        { type: "lacks", attribute: "x", member: "m" },
        { type: "below", attribute: "n", limit: 2 },
      ] as const;
      const add = { add: { v: 1 } };
      expect(await items.update("Carts", key, { ...add, onlyIf: refusals })).toMatchObject({
        value: { type: "written", item: { v: 1 } },
      });
      await items.update("Carts", key, { set: { a: "1" }, add: { n: 2, x: new Set(["m"]) }, onlyIf: [] });
      for (const refusal of refusals) {
        expect(await items.update("Carts", key, { ...add, onlyIf: [refusal] })).toMatchObject({
          value: { type: "refused", item: { v: 1, n: 2 } },
        });
      }
      const others = [
        { type: "absent", attribute: "b" },
        { type: "lacks", attribute: "x", member: "o" },
        { type: "below", attribute: "n", limit: 3 },
      ] as const;
      expect(await items.update("Carts", key, { ...add, onlyIf: others })).toMatchObject({
        value: { type: "written", item: { v: 2 } },
      });
    });

    test("a refused update of an item that is not there has no item and makes none", async () => {
      const key = cartKey(newCart(), conformanceOrigin);
      const outcome = await items.update("Carts", key, {
        add: { v: 1 },
        onlyIf: [{ type: "equals", attribute: "v", value: 1 }],
      });
      expect(outcome).toEqual({ ok: true, value: { type: "refused" } });
      expect(await items.get("Carts", key)).toEqual({ ok: true, value: undefined });
    });

    test("of updates at the same time with one condition, one happens", async () => {
      const key = cartKey(newCart(), conformanceOrigin);
      const update = {
        set: { "o#1": "LAMP|+|1" },
        add: { v: 1 },
        onlyIf: [{ type: "absent", attribute: "o#1" }],
      } as const;
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => items.update("Carts", key, update)));
      const written = outcomes.filter((outcome) => outcome.ok && outcome.value.type === "written");
      expect(written).toHaveLength(1);
      expect(await items.get("Carts", key)).toMatchObject({ value: { v: 1 } });
    });

    test("names and values with any characters stay data", async () => {
      const key = cartKey(newCart(), conformanceOrigin);
      const name = "o#a.b[0] = :v0 REMOVE pk, #n0";
      const outcome = await items.update("Carts", key, {
        set: { [name]: "SET x = :y" },
        onlyIf: [{ type: "absent", attribute: name }],
      });
      expect(outcome).toMatchObject({ value: { item: { [name]: "SET x = :y" } } });
    });

    test("a partition is read whole and by sort key, beyond one page of 1 MB", async () => {
      const pk = "PRODUCT#many-pages";
      const filler = "x".repeat(300_000);
      const keys = ["a", "b", "c", "d", "e"].map((sk) => ({ pk, sk }));
      for (const key of [...keys].reverse()) {
        expect(await items.put("Views", { ...key, filler }, [])).toMatchObject({ ok: true });
      }
      const partition = await items.queryPartition("Views", pk);
      expect(partition.ok && partition.value.map(({ sk }) => sk)).toEqual(["a", "b", "c", "d", "e"]);
    });

    test("views are listed by category and key, from a key on", async () => {
      const view = (id: string, category: "toys" | "books") =>
        viewToItem({
          product: { id: productId(id), category, title: id, description: "", media: [], variants: [] },
          vector: { [conformanceOrigin]: 1 },
        });
      for (const item of [view("b", "toys"), view("a", "toys"), view("c", "toys"), view("d", "books")]) {
        await items.put("Views", item, []);
      }
      const list = async (limit: number, after?: string) => {
        const page = await items.listViews({
          category: "toys",
          limit,
          ...(after === undefined ? {} : { after: { pk: `PRODUCT#${after}`, sk: "VIEW", listKey: after } }),
        });
        return page.ok ? page.value.map((item) => item["listKey"]) : page.error;
      };
      expect(await list(10)).toEqual(["a", "b", "c"]);
      expect(await list(2)).toEqual(["a", "b"]);
      expect(await list(2, "b")).toEqual(["c"]);
      expect(await list(2, "c")).toEqual([]);
      expect(await list(2, "aa")).toEqual(["b", "c"]);
    });

    test("a listing is as long as asked, beyond one page of 1 MB", async () => {
      for (const id of ["a", "b", "c", "d", "e"]) {
        const description = "x".repeat(300_000);
        const product = { id: productId(`heavy-${id}`), category: "garden" as const, title: id, description };
        const item = viewToItem({
          product: { ...product, media: [], variants: [] },
          vector: { [conformanceOrigin]: 1 },
        });
        expect(await items.put("Views", item, [])).toMatchObject({ ok: true });
      }
      const page = await items.listViews({ category: "garden", limit: 5 });
      expect(page.ok && page.value.map((item) => item["title"])).toEqual(["a", "b", "c", "d", "e"]);
    });

    test("an item of another origin is refused before anything is written", async () => {
      const id = newCart();
      const foreign = cartKey(id, origin("eu-west-1#1"));
      const put = await items.put("Carts", { ...foreign, v: 1 }, []);
      const update = await items.update("Carts", foreign, { add: { v: 1 }, onlyIf: [] });
      for (const outcome of [put, update]) {
        expect(outcome).toMatchObject({ ok: false, error: { type: "foreign-item", key: foreign } });
      }
      expect(await items.queryPartition("Carts", cartPartition(id))).toEqual({ ok: true, value: [] });
    });
  });
}
