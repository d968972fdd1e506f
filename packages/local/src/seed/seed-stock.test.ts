import { balanceOf, fromAttributes, itemToAvailability, itemToCell, originOf, regions } from "@antipode/core";
import { expect, test } from "vitest";
import { generateCatalog } from "./catalog.ts";
import { seedStock } from "./seed-stock.ts";

const products = generateCatalog({ count: 40 });
const origins = regions.map((region) => originOf(region));
const { cells, availability } = seedStock(products, { origins, units: 40, writtenAtMs: 1_000 });

const decoded = (items: readonly unknown[]) =>
  items.map((item) => {
    const read = fromAttributes(item);
    if (!read.ok) throw new Error(read.error.reason);
    return read.value;
  });

test("every SKU has one cell that is good, and all regions have some", () => {
  const read = decoded(cells).map(itemToCell);
  expect(read).toHaveLength(products.flatMap(({ variants }) => variants).length);
  for (const cell of read) {
    expect(cell.ok && [cell.value.available, balanceOf(cell.value)]).toEqual([40, 40]);
  }
  const owners = new Set(read.map((cell) => (cell.ok ? cell.value.id : "")));
  expect(owners.size).toBe(origins.length);
});

test("the views say the same", () => {
  const read = decoded(availability).map(itemToAvailability);
  expect(read.every((view) => view.ok && view.value.available === 40)).toBe(true);
});
