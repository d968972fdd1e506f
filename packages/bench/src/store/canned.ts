import {
  availabilityToItem,
  cartToItem,
  type StoredItem,
  summariseStock,
  toAttributes,
} from "@antipode/core";
import { tableName } from "../function/links.ts";
import type { CannedAnswers } from "./canned-answer.ts";
import {
  cartIdAt,
  homeOrigin,
  sampleCart,
  sampleCells,
  sampleProductItems,
  soldSkuAt,
} from "./sample-shop.ts";

export const cannedProduct = 42;
export const cannedCart = 7;
export const cannedStock = 5;
const cannedLines = 8; // two in each region

const image = (item: StoredItem) => toAttributes(item);

/** One SKU's stock, as a region shows it. */
export function cannedAvailability(nowMs: number): CannedAnswers {
  const sku = soldSkuAt(cannedStock);
  const item = availabilityToItem(summariseStock(sku, sampleCells(sku, 100, nowMs)));
  return { [`GetItem ${tableName("Views")}`]: JSON.stringify({ Item: image(item) }) };
}

/** One product's view and one cart of eight lines from four regions. */
export function cannedAnswers(nowMs: number): CannedAnswers {
  const { view, catalog } = sampleProductItems(cannedProduct, nowMs);
  const cart = sampleCart(cartIdAt(nowMs, cannedCart), nowMs, cannedLines);
  const own = cart.find(({ origin }) => origin === homeOrigin);
  if (own === undefined) {
    throw new Error("the sample cart has no item of the home region");
  }
  const items = cart.map((item) => image(cartToItem(item)));
  const views = [image(view)];
  return Object.fromEntries(
    [
      ["GetItem", "Views", { Item: image(view) }],
      ["Query", "Views", { Items: views, Count: 1, ScannedCount: 1 }],
      ["Query", "Catalog", { Items: [image(catalog)], Count: 1, ScannedCount: 1 }],
      ["Query", "Carts", { Items: items, Count: items.length, ScannedCount: items.length }],
      ["UpdateItem", "Carts", { Attributes: image(cartToItem({ ...own, counter: own.counter + 1 })) }],
    ].map(([operation, table, answer]) => [
      `${operation} ${tableName(String(table))}`,
      JSON.stringify(answer),
    ]),
  );
}
