import { expect, test } from "vitest";
import { strategies, strategiesByRules } from "../strategy/strategies.ts";
import { operationId, origin, sku, ulidAt } from "../testing/arbitraries.ts";
import { readEdits } from "../testing/product-schedule.ts";
import { productId } from "../testing/product-world.ts";
import { type FieldEdit, planEdit, productToChanges } from "./edit.ts";
import { priceField } from "./fields.ts";
import { foldProduct } from "./fold.ts";
import { editsToItem, type ProductEdits } from "./product-edits.ts";

const id = productId("desk-lamp-042");
const black = sku("LAMP-BLACK");
const regions = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1"].map(origin);
const tables = { ...strategiesByRules, 2: { ...strategies, "product.price": strategies["product.title"] } };

function edited(at: number, seen: readonly ProductEdits[], changes: readonly FieldEdit[]): ProductEdits {
  const own = regions[at] ?? origin("us-east-1#1");
  const change = { productId: id, operationId: operationId(ulidAt(1, at)), changes, nowMs: 10 + at };
  const plan = planEdit(seen, own, change);
  const [edits] = plan.type === "write" ? readEdits([plan.item]) : [];
  if (edits === undefined) {
    throw new Error(plan.type);
  }
  return edits;
}

const prices = (amount: number) => [{ field: priceField(black, "EUR"), value: amount }];
const variants = [{ sku: black, title: "", prices: [] }];
const made = edited(
  0,
  [],
  productToChanges({ id, category: "home", title: "", description: "", media: [], variants }),
);
const cheap = edited(1, [made], prices(200));
const newer = edited(2, [made], prices(250));

const priceBy = (...rules: readonly number[]) => {
  const edits = [made, cheap, newer].map((one, index) => ({ ...one, rules: rules[index] ?? 1 }));
  const fold = foldProduct(id, edits, tables);
  return fold.type === "product" ? fold.view.product.variants[0]?.prices[0]?.amountMinor : undefined;
};

test("a fold serves by the rules that all writers in sight know", () => {
  expect(priceBy(2, 2, 2)).toBe(250);
  for (const rules of [
    [1, 2, 2],
    [2, 1, 2],
    [2, 2, 1],
    [1, 1, 1],
  ]) {
    expect(priceBy(...rules)).toBe(200);
  }
});

test("an item says its rules when they are not the first", () => {
  expect(editsToItem(made)).not.toHaveProperty("rules");
  expect(editsToItem({ ...made, rules: 2 })).toMatchObject({ rules: 2 });
});
