import { setTimeout as sleep } from "node:timers/promises";
import { mergeVectors, type VersionVector } from "@antipode/core";
import * as z from "zod";
import {
  addToCart,
  type OpenCheckout,
  openCheckout,
  type ShopCart,
  type ShopClient,
  takeCart,
} from "../checkout/client.ts";
import { isFinal } from "../checkout/history.ts";
import { drillCurrency, type Subject } from "../checkout/subject.ts";
import type { Lines } from "../concurrent-carts/history.ts";
import { askUntilAnswered } from "../request.ts";
import type { SplitCartEnd } from "./history.ts";
import type { PlannedCart, PlannedRound } from "./plan.ts";

/** A cart that was filled, and what both devices know of it. */
export interface FilledCart {
  readonly planned: PlannedCart;
  readonly cart: ShopCart;
  readonly token: VersionVector;
  readonly lines: Lines;
}

/** What became of it when it was checked out twice. */
export interface SplitCheckouts {
  readonly cart: ShopCart;
  readonly added: Lines;
  readonly checkouts: readonly OpenCheckout[];
}

export interface Shop {
  readonly client: ShopClient;
  readonly subject: Subject;
}

const plus = (lines: Lines, sku: string, quantity: number): Lines => ({
  ...lines,
  [sku]: (lines[sku] ?? 0) + quantity,
});

/** A cold region on a busy machine may let several requests time out. */
const patientTries = 5;

const patiently = (region: string): readonly string[] => Array.from({ length: patientTries }, () => region);

/** Fills a cart, with nothing broken. */
export async function fillCart(shop: Shop, name: string, planned: PlannedCart): Promise<FilledCart> {
  const { client } = shop;
  const route = patiently(planned.filledIn);
  const cart = await takeCart(client, name, route);
  if (cart === undefined) throw new Error(`no cart in ${planned.filledIn}, with nothing broken`);
  let token: VersionVector = {};
  let lines: Lines = {};
  for (const line of planned.lines) {
    const sku = skuOf(shop, line.sku);
    const seen = await addToCart(client, cart, { sku, quantity: line.quantity, route });
    if (seen === undefined) throw new Error(`no line in ${planned.filledIn}, with nothing broken`);
    token = mergeVectors(token, seen);
    lines = plus(lines, sku, line.quantity);
  }
  return { planned, cart, token, lines };
}

function skuOf({ subject }: Shop, number: number): string {
  const sku = subject.skus[number];
  if (sku === undefined) throw new Error(`no SKU ${number}`);
  return sku;
}

/** With the two regions parted: one side may add more, then both check out at the same moment. */
export async function checkOutTwice(
  shop: Shop,
  { planned, cart, token, lines }: FilledCart,
  sides: PlannedRound["sides"],
): Promise<SplitCheckouts> {
  const more = await addMore(shop, { planned, cart, token, lines }, sides);
  const checkouts = sides.map((region, side) => {
    const mine = more?.side === side ? more : { token, lines };
    return openCheckout(shop.client, {
      cart: { ...cart, name: `${cart.name} in ${region}` },
      generation: 0,
      token: mine.token,
      lines: Object.entries(mine.lines).map(([sku, quantity]) => ({
        sku,
        quantity,
        unitMinor: shop.subject.unitMinor,
      })),
      currency: drillCurrency,
      paymentMethod: "pm_card_visa",
      declining: false,
      durability: planned.durability[side] ?? "one-region",
    });
  });
  await Promise.all(checkouts.map((checkout, side) => sendTwice(checkout, sides[side] ?? "")));
  return { cart, added: more?.lines ?? lines, checkouts };
}

async function addMore({ client, ...shop }: Shop, filled: FilledCart, sides: PlannedRound["sides"]) {
  const { more } = filled.planned;
  if (more === undefined) return undefined;
  const sku = skuOf({ client, ...shop }, more.sku);
  const region = sides[more.side];
  const seen = await addToCart(client, filled.cart, {
    sku,
    quantity: more.quantity,
    route: [region, region],
  });
  if (seen === undefined) throw new Error(`${region} can be reached, and took no line`);
  return {
    side: more.side,
    token: mergeVectors(filled.token, seen),
    lines: plus(filled.lines, sku, more.quantity),
  };
}

/** Between a device's question and its next one. */
const askAgainMs = 300;

/** Each device stays in its region, and asks a second time when the answer leaves it open. */
async function sendTwice(checkout: OpenCheckout, region: string): Promise<void> {
  if (isFinal(await checkout.sendTo(region))) return;
  await sleep(askAgainMs);
  await checkout.sendTo(region);
}

const cartSchema = z.object({ lines: z.array(z.object({ sku: z.string(), quantity: z.number() })) });

/** What a region shows of a cart, with nothing broken. */
export async function cartIn({ client }: Shop, region: string, cart: ShopCart): Promise<SplitCartEnd> {
  const { body } = await askUntilAnswered(client.api(region), {
    method: "GET",
    path: `/v1/carts/${cart.id}`,
    headers: { authorization: `Bearer ${cart.session}` },
  });
  const lines = cartSchema.parse(body).lines.map(({ sku, quantity }) => [sku, quantity] as const);
  return { id: cart.id, region, lines: Object.fromEntries(lines) };
}
