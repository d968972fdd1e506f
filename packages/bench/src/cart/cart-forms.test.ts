import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { skuAt } from "../store/sample-shop.ts";
import { antipodeCart } from "./antipode.ts";
import { automergeCounters } from "./automerge.ts";
import { cartForms, playForm } from "./cart-bench.ts";
import { anyHistory, type CartEdit, type CartHistory, expectedLines, sameLines } from "./history.ts";
import { yjsNumbers, yjsOperations } from "./yjs.ts";

const [lamp, desk] = [skuAt(1), skuAt(2)];
const base: CartEdit = { type: "add", id: 0, region: 0, sku: lamp, quantity: 2 };

const history = (...concurrent: readonly CartEdit[]): CartHistory => ({ shared: [base], concurrent });
const add = (id: number, region: number, quantity: number, sku = lamp): CartEdit => ({
  type: "add",
  id,
  region,
  sku,
  quantity,
});
const set = (id: number, region: number, quantity: number): CartEdit => ({
  type: "set",
  id,
  region,
  sku: lamp,
  quantity,
});
const remove = (id: number, region: number): CartEdit => ({ type: "remove", id, region, sku: lamp });

describe("the declared result", () => {
  test.each<[string, CartHistory, number]>([
    ["nothing concurrent", history(), 2],
    ["add ∥ add: both count", history(add(1, 1, 3), add(2, 2, 4)), 9],
    ["remove ∥ add: the add stays", history(remove(1, 1), add(2, 2, 4)), 4],
    ["remove ∥ remove: removed", history(remove(1, 1), remove(2, 2)), 0],
    ["set ∥ set: the larger", history(set(1, 1, 3), set(2, 2, 7)), 7],
    ["set ∥ add: the sum", history(set(1, 1, 3), add(2, 2, 4)), 7],
    ["a set after its own region's add takes it", history(add(1, 1, 4), set(2, 1, 3)), 3],
    ["an add after its own region's removal stays", history(remove(1, 1), add(2, 1, 5)), 5],
  ])("%s", (_name, played, units) => {
    expect(expectedLines(played)).toEqual(new Map(units === 0 ? [] : [[lamp, units]]));
  });

  test("is not any other: a missing line, a further line and another quantity are each wrong", () => {
    const lines = new Map([[lamp, 1]]);
    expect(sameLines(lines, new Map([[lamp, 1]]))).toBe(true);
    expect(sameLines(lines, new Map([[lamp, 2]]))).toBe(false);
    expect(sameLines(lines, new Map())).toBe(false);
    expect(sameLines(lines, new Map([...lines, [desk, 1]]))).toBe(false);
  });
});

describe("the forms of a cart", () => {
  test.each([antipodeCart, yjsOperations])("$name has the declared result in any history", async (form) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(), async (lines, seed) => {
        const played = anyHistory(lines, seed);
        const merged = (await form.play(played)).merge();
        expect([...merged].sort()).toEqual([...expectedLines(played)].sort());
      }),
      { numRuns: 60 },
    );
  });

  test.each(cartForms)("$name keeps a cart whose regions never met at odds", async (form) => {
    const played = history(add(1, 1, 3, desk));
    expect(sameLines((await form.play(played)).merge(), expectedLines(played))).toBe(true);
  });

  test("two regions' adds of one line: a number in a Yjs map loses one, a counter of Automerge does not", async () => {
    const played = history(add(1, 1, 3), add(2, 2, 4));
    expect((await yjsNumbers.play(played)).merge().get(lamp)).not.toBe(9);
    expect((await automergeCounters.play(played)).merge().get(lamp)).toBe(9);
    expect((await antipodeCart.play(played)).merge().get(lamp)).toBe(9);
  });

  test("wrong carts are counted, and so are the stored bytes", async () => {
    const right = await playForm(antipodeCart, 50, 2);
    expect(right).toMatchObject({ wrong: 0 });
    expect(right.bytes).toBeGreaterThan(50 * 20);
    expect(await playForm(yjsNumbers, 50, 2)).toMatchObject({ wrong: 2 });
  });

  test("a seed repeats its history, another seed is another history", () => {
    expect(anyHistory(50, 3)).toEqual(anyHistory(50, 3));
    expect(anyHistory(50, 3)).not.toEqual(anyHistory(50, 4));
  });
});
