import { describe, expect, test } from "vitest";
import type { ItemValue } from "../items/item.ts";
import { origin, sku } from "../testing/arbitraries.ts";
import { productId } from "../testing/product-world.ts";
import { categories, categorySlugs } from "./categories.ts";
import { productToItems } from "./import.ts";
import { categoriesToWalk, cursorToPosition, positionToCursor } from "./listing.ts";
import type { Product } from "./product.ts";
import { itemToEdits } from "./product-edits.ts";
import { itemToView } from "./view-item.ts";

const us = origin("us-east-1#1");
const lamp: Product = {
  id: productId("desk-lamp-042"),
  category: "home",
  title: "Desk lamp",
  description: "Shines.",
  media: [{ url: "/media/desk-lamp-042.svg", alt: "A lamp" }],
  variants: [{ sku: sku("LAMP-BLACK"), title: "Black", prices: [{ amountMinor: 4_900, currency: "EUR" }] }],
};
const { catalog, view } = productToItems(lamp, us, { ms: 5, counter: 0, origin: us });

test("an imported product has the documented layout", () => {
  expect(catalog).toMatchObject({
    pk: "PRODUCT#desk-lamp-042",
    sk: "EDIT#us-east-1#1",
    v: 1,
    touchedAt: 5,
    "f#price#LAMP-BLACK#EUR": {
      value: 4_900,
      stamp: "000000000000005-00000-us-east-1#1",
      clock: { "us-east-1#1": 1 },
      op: expect.stringMatching(/^0000000005[0-9A-HJKMNP-TV-Z]{16}$/),
    },
  });
  expect(view).toMatchObject({
    pk: "PRODUCT#desk-lamp-042",
    sk: "VIEW",
    category: "home",
    listKey: "desk-lamp-042",
    version: "us-east-1#1:1",
    variants: [{ sku: "LAMP-BLACK", title: "Black", prices: { EUR: 4_900 } }],
  });
});

test("imported products count as different operations, the same whenever they are made", () => {
  const ids = ["desk-lamp-042", "desk-lamp-043"].map((id) => {
    const items = productToItems({ ...lamp, id: productId(id) }, us, { ms: 5, counter: 0, origin: us });
    const edits = itemToEdits(items.catalog);
    return edits.ok ? [...edits.value.taken.keys()].join() : "";
  });
  expect(ids[0]).not.toBe(ids[1]);
  expect(catalog["f#title"]).toMatchObject({ op: ids[0] });
});

const register = {
  value: "",
  stamp: "000000000000005-00000-us-east-1#1",
  clock: { "us-east-1#1": 1 },
  op: "01K742SG000000000000000001",
};

describe("an item that is not understood is a failure that names the attribute", () => {
  test("which is not the case with these parts", () => {
    const sound = { ...catalog, "f#title": register, "o#01K742SG000000000000000001": 5, rules: 1 };
    expect(itemToEdits(sound)).toMatchObject({ ok: true });
  });

  test.each<[string, string, ItemValue]>([
    ["a field nobody knows", "f#colour", register],
    [
      "a price in no currency, though its value could be a price",
      "f#price#LAMP-BLACK#XXX",
      { ...register, value: 1 },
    ],
    ["an attribute nobody knows", "colour", "red"],
    ["a title that is no text", "f#title", { ...register, value: 1 }],
    ["a price below 0", "f#price#LAMP-BLACK#EUR", { ...register, value: -1 }],
    ["a stamp that is none", "f#title", { ...register, stamp: "5" }],
    ["a clock that is none", "f#title", { ...register, clock: { us: 1 } }],
    ["a clock without the own origin", "f#title", { ...register, clock: { "eu-west-1#1": 1 } }],
    ["a clock ahead of its item", "f#title", { ...register, clock: { "us-east-1#1": 2 } }],
    ["an operation id that is none", "f#title", { ...register, op: "1" }],
    ["an operation that is none", "o#1", 5],
    ["a digest that is none", "o#01K742SG000000000000000001", "5"],
    ["rules nobody knows", "rules", 2],
    ["a counter of 0", "v", 0],
    ["a time that is none", "touchedAt", "yesterday"],
  ])("%s", (_what, attribute, value) => {
    const read = itemToEdits({ ...catalog, [attribute]: value });
    expect(read.ok ? undefined : read.error.attribute).toBe(attribute);
  });

  test.each<[string, ItemValue]>([
    ["title", 1],
    ["category", "weapons"],
    ["media", [{ url: 1 }]],
    ["variants", [{ sku: "LAMP-BLACK", title: "Black", prices: { ZZZ: 1 } }]],
    ["variants", [{ sku: "lamp", title: "Black", prices: {} }]],
    ["version", "us-east-1"],
    ["conflicts", "none"],
    ["conflicts", [{ field: "title", siblings: [], served: "us-east-1#1" }]],
    ["conflictsLeftOut", -1],
  ])("a view's %s", (attribute, value) => {
    const read = itemToView({ ...view, [attribute]: value });
    expect(read.ok ? undefined : read.error.attribute).toBe(attribute);
  });
});

describe("a listing", () => {
  test("walks all ten categories, or what is left of them from a cursor on", () => {
    expect(categories).toHaveLength(10);
    expect(categoriesToWalk(undefined, undefined)).toEqual(categorySlugs);
    expect(categoriesToWalk(undefined, { category: "sports", after: lamp.id })).toEqual(["sports", "toys"]);
    expect(categoriesToWalk("home", undefined)).toEqual(["home"]);
  });

  test("reads its own cursors and no others", () => {
    const position = { category: "home", after: lamp.id } as const;
    expect(cursorToPosition(positionToCursor(position))).toEqual({ ok: true, value: position });
    for (const cursor of ["", "home", "home:", "arms:desk-lamp-042", "home:Desk", "home:a:b"]) {
      expect(cursorToPosition(cursor).ok).toBe(false);
    }
  });
});
