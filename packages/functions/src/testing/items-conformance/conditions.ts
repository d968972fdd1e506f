import type { Condition, ItemValue } from "@antipode/core";
import { conditionsMax } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { expectOk, newKey, type OpenStore, refusedWith, written } from "./store.ts";

const absent: Condition = { type: "absent", attribute: "a" };
const present: Condition = { type: "present", attribute: "a" };
const equals = (value: string | number): Condition => ({ type: "equals", attribute: "a", value });
const lacks = (member: string): Condition => ({ type: "lacks", attribute: "a", member });
const below = (limit: number): Condition => ({ type: "below", attribute: "a", limit });
const atLeast = (floor: number): Condition => ({ type: "at-least", attribute: "a", floor });
const fewer = (limit: number): Condition => ({ type: "fewer", attribute: "a", limit });

/** A condition, the values of `a` that meet it and those that do not. `undefined` is an item without `a`. */
const cases: readonly (readonly [
  Condition,
  readonly (ItemValue | undefined)[],
  readonly (ItemValue | undefined)[],
])[] = [
  [absent, [undefined], ["", null, 0, new Set(["m"])]],
  [present, ["", null, false, 0, new Set(["m"]), [], {}], [undefined]],
  [equals("x"), ["x"], [undefined, "X", "xx", new Set(["x"]), ["x"]]],
  [equals(""), [""], [undefined, null]],
  [equals(2), [2, 2.0], [undefined, "2", 2.5, null]],
  [lacks("m"), [undefined, new Set(["n"]), new Set(["mm"])], [new Set(["m"]), new Set(["n", "m"])]],
  [lacks("m"), [], ["m", "among", "n", ["m"], ["n"], null, 0, {}]],
  [below(2), [undefined, 1, -5, 1.999], [2, 2.001, 1e20]],
  [below(2), [], ["1", null, new Set(["1"]), false]],
  [atLeast(2), [2, 2.001, 1e20], [undefined, 1, 1.999, -2]],
  [atLeast(2), [], ["3", null, new Set(["3"]), true]],
  [atLeast(-3), [-3, 0], [undefined, -3.5, -4]],
  [fewer(2), [undefined, new Set(["m"])], [new Set(["m", "n"]), new Set(["m", "n", "o"])]],
  [fewer(2), [], ["", "m", [], ["m"], {}, 0, null]],
];

export function describeConditions(store: OpenStore): void {
  describe("conditions", () => {
    test.each(cases.map(([condition, meets, fails]) => ({ condition, meets, fails })))(
      "$condition: a put and an update happen only when it holds; another type never meets it",
      async ({ condition, meets, fails }) => {
        const { items } = store();
        for (const [value, holds] of [
          ...meets.map((met) => [met, true] as const),
          ...fails.map((failed) => [failed, false] as const),
        ]) {
          const key = newKey();
          const item = { ...key, v: 1, ...(value === undefined ? {} : { a: value }) };
          await items.put("Carts", item, []);
          const update = await items.update("Carts", key, { add: { v: 1 }, onlyIf: [condition] });
          expect(update).toEqual(
            holds ? { ok: true, value: { type: "written", item: { ...item, v: 2 } } } : refusedWith(item),
          );
          const put = await items.put("Carts", { ...item, v: 3 }, [condition]);
          expect(put).toEqual(holds ? written : refusedWith(item));
          expect(await expectOk(items.get("Carts", key))).toEqual({ ...item, v: holds ? 3 : 1 });
        }
      },
    );

    test.each<[Condition, boolean]>([
      [absent, true],
      [present, false],
      [equals(0), false],
      [lacks("m"), true],
      [below(0), true],
      [atLeast(0), false],
      [fewer(1), true],
    ])("%s where there is no item", async (condition, holds) => {
      const { items } = store();
      const key = newKey();
      const update = await items.update("Carts", key, { add: { v: 1 }, onlyIf: [condition] });
      expect(update).toEqual(
        holds ? { ok: true, value: { type: "written", item: { ...key, v: 1 } } } : refusedWith(undefined),
      );
      expect(await items.get("Carts", key)).toEqual({
        ok: true,
        value: holds ? { ...key, v: 1 } : undefined,
      });
      const other = newKey();
      expect(await items.put("Carts", { ...other, v: 1 }, [condition])).toEqual(
        holds ? written : refusedWith(undefined),
      );
    });

    test("all of a write's conditions must hold, as many as there may be", async () => {
      const { items } = store();
      const key = newKey();
      const conditions = Array.from({ length: conditionsMax }, (_, n) => lacks(`member-${n}`));
      expect(await items.put("Carts", { ...key, a: new Set(["member-40"]) }, conditions)).toEqual(written);
      const last = new Set([`member-${conditionsMax - 1}`]);
      await items.put("Carts", { ...key, a: last }, []);
      expect(await items.update("Carts", key, { add: { v: 1 }, onlyIf: conditions })).toEqual(
        refusedWith({ ...key, a: last }),
      );
      const more = [...conditions, absent];
      await expect(items.put("Carts", key, more)).rejects.toThrow(/at most 40 conditions/);
      await expect(items.update("Carts", key, { add: { v: 1 }, onlyIf: more })).rejects.toThrow(/at most 40/);
    });

    test("a condition that can never hold is a bug", async () => {
      await expect(store().items.put("Carts", newKey(), [fewer(0)])).rejects.toThrow(/fewer/);
    });

    test("of writes at the same time with one condition, one happens", async () => {
      const { items } = store();
      const key = newKey();
      const update = { set: { a: "1" }, add: { v: 1 }, onlyIf: [absent] } as const;
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => expectOk(items.update("Carts", key, update))),
      );
      expect(outcomes.filter(({ type }) => type === "written")).toHaveLength(1);
      expect(await items.get("Carts", key)).toMatchObject({ value: { v: 1 } });
    });
  });
}
