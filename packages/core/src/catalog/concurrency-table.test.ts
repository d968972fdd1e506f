import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import type { ItemValue } from "../items/item.ts";
import { operationId, origin, ulidAt } from "../testing/arbitraries.ts";
import { readEdits } from "../testing/product-schedule.ts";
import { black, scheduledId, scheduledPrice } from "../testing/product-steps.ts";
import { type FieldEdit, planEdit, productToChanges } from "./edit.ts";
import { foldProduct, type ProductView } from "./fold.ts";
import type { ProductEdits } from "./product-edits.ts";

const us = origin("us-east-1#1");
const eu = origin("eu-west-1#1");
const ap = origin("ap-south-1#1");

/** Edits at growing times, so that the later call has the newer stamp. */
function createOperators() {
  let count = 0;
  const edit = (
    at: Origin,
    seen: readonly ProductEdits[],
    changes: readonly FieldEdit[],
    retryOf?: number,
  ) => {
    count += 1;
    const plan = planEdit(seen, at, {
      productId: scheduledId,
      operationId: operationId(ulidAt(1_000, retryOf ?? count)),
      changes,
      nowMs: 1_000 + count,
    });
    const [edits] = plan.type === "write" ? readEdits([plan.item]) : [];
    if (edits === undefined) {
      throw new Error(plan.type);
    }
    return edits;
  };
  const variants = [{ sku: black, title: "Black", prices: [{ amountMinor: 300, currency: "EUR" as const }] }];
  const product = { id: scheduledId, category: "home", title: "Lamp", description: "", media: [] } as const;
  const made = edit(us, [], productToChanges({ ...product, variants }));
  return { edit, made, product: { ...product, variants } };
}

const title = (value: string): readonly FieldEdit[] => [{ field: "title", value }];
const price = (value: number): readonly FieldEdit[] => [{ field: scheduledPrice, value }];
const variants = (...titles: readonly string[]): readonly FieldEdit[] => [
  { field: "variants", value: titles.map((one) => ({ sku: black, title: one })) },
];

type Operators = ReturnType<typeof createOperators>;

interface Shown {
  readonly title: string;
  readonly price: number | undefined;
  /** By field, the conflicting values, newest first. */
  readonly conflicts: readonly (readonly [string, ...ItemValue[]])[];
}

const shown = ({ product, conflicts }: ProductView): Shown => ({
  title: product.title,
  price: product.variants[0]?.prices[0]?.amountMinor,
  conflicts: conflicts.map(({ field, siblings }) => [field, ...siblings.map(({ value }) => value)]),
});

/** Each row of the table in docs/consistency.md: what happens, and what every region shows once all has arrived. */
const rows: readonly (readonly [string, (operators: Operators) => readonly ProductEdits[], Shown])[] = [
  [
    "title ∥ price",
    ({ edit, made }) => [edit(us, [made], title("A")), edit(eu, [made], price(200))],
    { title: "A", price: 200, conflicts: [] },
  ],
  [
    "title ∥ title",
    ({ edit, made }) => [edit(us, [made], title("A")), edit(eu, [made], title("B"))],
    { title: "B", price: 300, conflicts: [["title", "B", "A"]] },
  ],
  [
    "price ∥ price",
    ({ edit, made }) => [edit(us, [made], price(200)), edit(eu, [made], price(250))],
    { title: "Lamp", price: 200, conflicts: [[scheduledPrice, 250, 200]] },
  ],
  [
    "price ∥ price, the same amount",
    ({ edit, made }) => [edit(us, [made], price(200)), edit(eu, [made], price(200))],
    { title: "Lamp", price: 200, conflicts: [] },
  ],
  [
    "two prices ∥ title",
    ({ edit, made }) => {
      const raised = edit(eu, [edit(eu, [made], price(200))], price(250));
      return [made, raised, edit(ap, [made], title("A"))];
    },
    { title: "A", price: 250, conflicts: [] },
  ],
  [
    "one operation id in two regions",
    ({ edit, made }) => [made, edit(eu, [made], price(200), 9), edit(ap, [made], price(200), 9)],
    { title: "Lamp", price: 200, conflicts: [] },
  ],
  [
    "one operation id in two regions ∥ title",
    ({ edit, made }) => {
      const taken = edit(eu, [made], title("A"), 9);
      const between = edit(us, [made], title("B"));
      return [taken, between, edit(ap, [made], title("A"), 9)];
    },
    { title: "B", price: 300, conflicts: [["title", "B", "A"]] },
  ],
  [
    "an operation that was replaced ∥ its retry elsewhere",
    ({ edit, made }) => {
      const replaced = edit(us, [edit(us, [made], title("A"), 9)], title("B"));
      return [replaced, edit(eu, [made], title("A"), 9)];
    },
    { title: "A", price: 300, conflicts: [["title", "A", "B"]] },
  ],
  [
    "one operation id with two contents",
    ({ edit, made }) => [made, edit(eu, [made], title("A"), 9), edit(ap, [made], title("B"), 9)],
    { title: "B", price: 300, conflicts: [["title", "B", "A"]] },
  ],
  [
    "title ∥ title, then an edit that saw both",
    ({ edit, made }) => {
      const one = edit(us, [made], title("A"));
      const other = edit(eu, [made], title("B"));
      return [one, other, edit(ap, [one, other], title("A and B"))];
    },
    { title: "A and B", price: 300, conflicts: [] },
  ],
  [
    "title ∥ title, then two edits that saw both",
    ({ edit, made }) => {
      const both = [edit(us, [made], title("A")), edit(eu, [made], title("B"))];
      return [edit(us, both, title("C")), edit(eu, both, title("D"))];
    },
    { title: "D", price: 300, conflicts: [["title", "D", "C"]] },
  ],
  [
    "title ∥ title, then an edit that saw one",
    ({ edit, made }) => {
      const seen = edit(us, [made], title("A"));
      return [seen, edit(eu, [made], title("B")), edit(ap, [seen], title("C"))];
    },
    { title: "C", price: 300, conflicts: [["title", "C", "B"]] },
  ],
  [
    "variants ∥ variants",
    ({ edit, made }) => [edit(us, [made], variants("Jet")), edit(eu, [made], variants("Coal"))],
    {
      title: "Lamp",
      price: 300,
      conflicts: [["variants", [{ sku: black, title: "Coal" }], [{ sku: black, title: "Jet" }]]],
    },
  ],
  [
    "a variant taken out ∥ its price",
    ({ edit, made }) => [edit(us, [made], variants()), edit(eu, [made], price(200))],
    { title: "Lamp", price: undefined, conflicts: [] },
  ],
  [
    "create ∥ create, of one id",
    ({ edit, made, product }) => [made, edit(eu, [], productToChanges({ ...product, title: "Lampe" }))],
    { title: "Lampe", price: 300, conflicts: [["title", "Lampe", "Lamp"]] },
  ],
];

test.each(rows)("%s", (_row, play, expected) => {
  const edits = play(createOperators());
  for (const order of [edits, [...edits].reverse()]) {
    const fold = foldProduct(scheduledId, order);
    expect(fold.type === "product" && shown(fold.view)).toEqual(expected);
  }
});

test("the table in the documentation has these rows", () => {
  const page = readFileSync(new URL("../../../../docs/consistency.md", import.meta.url), "utf8");
  const section = page.split("\n## ").find((text) => text.startsWith("Products, case by case")) ?? "";
  const documented = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, row = ""]) => row.trim());
  expect(documented).toEqual(["concurrent", ...rows.map(([row]) => row)]);
});
