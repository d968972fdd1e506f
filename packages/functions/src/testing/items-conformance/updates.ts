import { adjustment, updateAttributesMax } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { expectOk, newKey, type OpenStore, refusedWith } from "./store.ts";

export function describeUpdates(store: OpenStore): void {
  describe("updates", () => {
    test("set, remove, and add to counters and sets, and answer the whole new item", async () => {
      const { items } = store();
      const key = newKey();
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
      const pruned = await items.update("Carts", key, {
        remove: ["o#a", "o#b", "o#never"],
        set: { g: 0 },
        add: { v: -5 },
        onlyIf: [],
      });
      const left = { ...key, g: 0, v: -3, x: new Set(["a", "b"]) };
      expect(pruned).toEqual({ ok: true, value: { type: "written", item: left } });
      expect(await items.get("Carts", key)).toEqual({ ok: true, value: left });
    });

    test("may remove all of an item but its key", async () => {
      const { items } = store();
      const key = newKey();
      await items.put("Carts", { ...key, a: 1 }, []);
      expect(await items.update("Carts", key, { remove: ["a"], onlyIf: [] })).toEqual({
        ok: true,
        value: { type: "written", item: key },
      });
    });

    test("adding makes what is missing", async () => {
      const { items } = store();
      const key = newKey();
      const update = { add: { n: -7, x: new Set(["a", "b"]) }, onlyIf: [] };
      expect(await items.update("Carts", key, update)).toEqual({
        ok: true,
        value: { type: "written", item: { ...key, n: -7, x: new Set(["a", "b"]) } },
      });
    });

    test("adding to another type is a bug, and nothing is written", async () => {
      const { items } = store();
      const item = { ...newKey(), text: "1", list: ["a"], n: 1, x: new Set(["a"]) };
      await items.put("Carts", item, []);
      for (const add of [{ text: 1 }, { x: 1 }, { n: new Set(["b"]) }, { list: new Set(["b"]) }]) {
        await expect(items.update("Carts", item, { add, onlyIf: [] })).rejects.toThrow();
        const write = { type: "update", table: "Carts", key: item, update: { add, onlyIf: [] } } as const;
        await expect(items.transact([write])).rejects.toThrow();
      }
      expect(await items.get("Carts", item)).toEqual({ ok: true, value: item });
    });

    test("names and values with any characters stay data", async () => {
      const { items } = store();
      const key = newKey();
      for (const name of ["o#a.b[0] = :v0 REMOVE pk, #n0", "size(a)", "constructor", "ünï", " "]) {
        const outcome = await items.update("Carts", key, {
          set: { [name]: "SET x = :y" },
          onlyIf: [{ type: "absent", attribute: name }],
        });
        expect(outcome.ok && outcome.value.type).toBe("written");
        const item = await expectOk(items.get("Carts", key));
        expect(Object.entries(item ?? {})).toContainEqual([name, "SET x = :y"]);
        const removal = await items.update("Carts", key, {
          remove: [name],
          onlyIf: [{ type: "present", attribute: name }],
        });
        expect(removal).toEqual({ ok: true, value: { type: "written", item: key } });
      }
    });

    test("as many attributes as an update may change; more is a bug", async () => {
      const { items } = store();
      const key = newKey();
      const members = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, n) => [`o#${n}`, String(n)]));
      const all = members(updateAttributesMax);
      const set = await items.update("Carts", key, { set: all, onlyIf: [] });
      expect(set).toEqual({ ok: true, value: { type: "written", item: { ...key, ...all } } });
      const removed = await items.update("Carts", key, { remove: Object.keys(all), onlyIf: [] });
      expect(removed).toEqual({ ok: true, value: { type: "written", item: key } });
      const counts = Object.fromEntries(Object.keys(all).map((name) => [name, 1]));
      expect(await items.update("Carts", key, { add: counts, onlyIf: [] })).toMatchObject({ ok: true });
      await expect(
        items.update("Carts", key, { set: members(updateAttributesMax), remove: ["a"], onlyIf: [] }),
      ).rejects.toThrow(/1 to 250 attributes/);
    });

    test.each([
      ["nothing", {}],
      ["an attribute twice", { set: { a: 1 }, add: { a: 1 } }],
      ["an attribute twice", { set: { a: 1 }, remove: ["a"] }],
      ["an attribute twice", { remove: ["a", "a"] }],
      ["the key", { set: { pk: "b" } }],
      ["the key", { remove: ["sk"] }],
      ["a fraction", { add: { a: 0.5 } }],
      ["more than adds exactly", { add: { a: 2 ** 53 } }],
      ["an attribute that the SDK loses", { remove: ["__proto__"] }],
      ["nothing to a set", { add: { a: new Set<string>() } }],
    ])("an update of %s is a bug", async (_what, update) => {
      const { items } = store();
      const key = newKey();
      await items.put("Carts", { ...key, v: 1 }, []);
      await expect(items.update("Carts", key, { ...update, onlyIf: [] })).rejects.toThrow();
      expect(await items.get("Carts", key)).toEqual({ ok: true, value: { ...key, v: 1 } });
    });

    test("adjustments at the same time never go below the floor, and none is lost", async () => {
      const { items } = store();
      const key = newKey();
      await items.update("Carts", key, { ...adjustment("left", 10, 0) });
      const steps = [-4, -3, -4, +2, -4, -3, +1, -5];
      const outcomes = await Promise.all(
        steps.map(async (by) => ({
          by,
          ...(await expectOk(items.update("Carts", key, adjustment("left", by, 0)))),
        })),
      );
      const taken = outcomes.filter(({ type }) => type === "written").map(({ by }) => by);
      const left = 10 + taken.reduce((sum, by) => sum + by, 0);
      expect(await expectOk(items.get("Carts", key))).toEqual({ ...key, left });
      for (const { type, item } of outcomes) {
        expect(type === "written" ? item?.["left"] : 0).toBeGreaterThanOrEqual(0);
      }
      expect(outcomes.some(({ type }) => type === "refused")).toBe(true);
      const tooMany = await items.update("Carts", key, adjustment("left", -left - 1, 0));
      expect(tooMany).toEqual(refusedWith({ ...key, left }));
      expect(await items.update("Carts", key, adjustment("left", -left, 0))).toMatchObject({
        value: { type: "written", item: { left: 0 } },
      });
    });
  });
}
