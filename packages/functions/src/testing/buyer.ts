import { ulidAt } from "@antipode/core/testing";
import { expect } from "vitest";
import type * as z from "zod";
import { placedOrderSchema } from "../checkout/routes/checkout/contract.ts";
import { orderSchema } from "../checkout/routes/orders/contract.ts";
import { stockCellsSchema } from "../checkout/routes/stock/contract.ts";
import { operatorToken } from "./operator.ts";
import { add, type Opened, openCart } from "./shopper.ts";
import type { TestShop } from "./test-shops.ts";

let operations = 900_000;

/** A new operation id of the shop's present time. */
export function newKey({ clock }: TestShop): string {
  operations += 1;
  return ulidAt(clock.nowMs(), operations);
}

export interface BuyLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitMinor: number;
}

export const oneLamp: BuyLine = { sku: "LAMP", quantity: 1, unitMinor: 100 };

export interface Buying {
  /** Of the cart. When left out, what the region shows as a key is first used: a repeated request is the same. */
  readonly generation?: number;
  readonly lines?: readonly BuyLine[];
  readonly key?: string;
  readonly method?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** By operation id, the generation that its shopper saw. */
const generations = new Map<string, number>();

function shownGeneration({ items }: TestShop, { id }: Opened): number {
  const own = items.dump("Carts").filter(({ pk }) => pk === `CART#${id}`);
  return Math.max(0, ...own.map((item) => Number(item["g"] ?? 0)));
}

function generationSent(shop: TestShop, cart: Opened, key: string): number {
  const generation = generations.get(key) ?? shownGeneration(shop, cart);
  generations.set(key, generation);
  return generation;
}

/** `POST …/checkout` as a shop's page sends it. */
export async function buy(shop: TestShop, cart: Opened, buying: Buying = {}): Promise<Response> {
  const { lines = [oneLamp], key = newKey(shop), method = "pm_card_visa", headers = {}, body = {} } = buying;
  const { generation = generationSent(shop, cart, key) } = buying;
  return shop.checkout.request(`/v1/carts/${cart.id}/checkout`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${cart.token}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      ...headers,
    },
    body: JSON.stringify({
      generation,
      currency: "EUR",
      lines,
      ...(method === null ? {} : { paymentMethod: method }),
      ...body,
    }),
  });
}

/** A cart with these lines, filled in one region. */
export async function filledCart(shop: TestShop, lines: readonly BuyLine[] = [oneLamp]): Promise<Opened> {
  const cart = await openCart(shop);
  for (const { sku, quantity } of lines) {
    expect((await add(shop, cart, { sku, quantity })).status).toBe(200);
  }
  return cart;
}

export async function placedIn(response: Response): Promise<z.infer<typeof placedOrderSchema>> {
  const text = await response.clone().text();
  expect(response.status, text).toBeLessThan(300);
  return placedOrderSchema.parse(JSON.parse(text));
}

export async function deliverTo(
  shop: TestShop,
  sku: string,
  quantity: number,
  { region = shop.deployment.region, key = newKey(shop) }: { region?: string; key?: string } = {},
): Promise<Response> {
  return shop.checkout.request(`/v1/stock/${sku}/deliveries`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${await operatorToken(shop)}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ region, quantity }),
  });
}

export async function cellsOf(shop: TestShop, sku = "LAMP") {
  const response = await shop.checkout.request(`/v1/stock/${sku}/cells`, {
    headers: { Authorization: `Bearer ${await operatorToken(shop)}` },
  });
  return stockCellsSchema.parse(await response.json()).cells;
}

/** Over home cells: what was delivered, sold, held, can be sold, and is on its way. */
export async function totals(shops: readonly TestShop[], sku = "LAMP") {
  const sums = { restocked: 0, sold: 0, held: 0, available: 0, inFlight: 0 };
  for (const shop of shops) {
    const seen = shop.items.dump("Stock").some(({ pk }) => pk === `SKU#${sku}`)
      ? await cellsOf(shop, sku)
      : [];
    for (const cell of seen.filter((one) => one.cell.startsWith(shop.deployment.origin))) {
      sums.restocked += cell.restocked;
      sums.sold += cell.sold;
      sums.held += cell.held;
      sums.available += cell.available;
      const total = (units: Readonly<Record<string, number>>) =>
        Object.values(units).reduce((sum, count) => sum + count, 0);
      sums.inFlight += total(cell.granted) - total(cell.absorbed);
    }
  }
  return sums;
}

export async function seeOrder(
  shop: TestShop,
  cart: Opened,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return shop.checkout.request(`/v1/orders/${id}`, {
    headers: { Authorization: `Bearer ${cart.token}`, ...headers },
  });
}

export async function orderIn(response: Response): Promise<z.infer<typeof orderSchema>> {
  const text = await response.clone().text();
  expect(response.status, text).toBeLessThan(300);
  return orderSchema.parse(JSON.parse(text));
}
