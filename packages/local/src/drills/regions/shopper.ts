import { mergeVectors, type VersionVector } from "@antipode/core";
import * as z from "zod";
import type { Random } from "../../links/random.ts";
import { type Attempt, attempt, doneEnd, isFinalRefusal } from "../attempt.ts";
import { type OpenCheckout, openCheckout, type ShopCart, type ShopClient } from "../checkout/client.ts";
import { isFinal, type Told } from "../checkout/history.ts";
import { drillCurrency, type Subject } from "../checkout/subject.ts";
import { type Notebook, readCart } from "../concurrent-carts/cart-client.ts";
import { askShop } from "../request.ts";
import type { SentRequest } from "./history.ts";
import type { NameClient } from "./name-client.ts";
import type { WorldTime } from "./world-time.ts";

/** ms of the world between two operations, on average. */
const thinkMs = 2_000;
/** Of a shopper's operations; the rest are reads. */
const addShare = 0.5;
const buyShare = 0.25;
const goodCard = "pm_card_visa";
const unitsInCartMax = 450; // a region's item of a cart takes 500 operations

/** The shop as all shoppers of a drill know it, and what they write down. */
export interface Mall {
  readonly client: ShopClient;
  readonly subject: Subject;
  readonly notebook: Notebook;
  readonly checkouts: OpenCheckout[];
  readonly carts: ShopCart[];
  readonly time: WorldTime;
  readonly isStopped: () => boolean;
}

export interface ShopperPlan {
  readonly name: string;
  readonly random: Random;
}

const createdSchema = z.object({ id: z.string(), session: z.object({ token: z.string() }) });

/** Adds to a cart that it keeps, reads it, and buys from others, until it is stopped. */
export async function shop(mall: Mall, names: NameClient, { name, random }: ShopperPlan): Promise<void> {
  const kept = await openCart(mall, names, name);
  if (kept === undefined) return;
  mall.carts.push(kept);
  for (let step = 1; !mall.isStopped(); step += 1) {
    const chance = random();
    if (chance < addShare && step < unitsInCartMax) await add(mall, names, kept, `${name}, step ${step}`);
    else if (chance < addShare + buyShare) await buy(mall, names, `${name}, order ${step}`);
    else await read(mall, names, kept);
    await mall.time.sleep(2 * random() * thinkMs);
  }
}

async function openCart({ client }: Mall, names: NameClient, name: string): Promise<ShopCart | undefined> {
  return names.send(async (region) => {
    const reply = await askShop(client.api(region), { method: "POST", path: "/v1/carts" });
    if (reply.type !== "answer" || reply.status !== 201) return { end: "failed", value: undefined };
    const { id, session } = createdSchema.parse(reply.body);
    return { end: "done", value: { name, id, session: session.token } };
  });
}

const endOfAttempt = (made: Attempt): SentRequest["end"] =>
  made.end.type === "done" ? "done" : isFinalRefusal(made) ? "refused" : "failed";

/** One unit more, under one operation id wherever it is sent. What the answer covers. */
async function add(
  { client, notebook, subject: { skus } }: Mall,
  names: NameClient,
  cart: ShopCart,
  name: string,
): Promise<VersionVector | undefined> {
  const [sku = ""] = skus;
  const request = {
    method: "POST",
    path: `/v1/carts/${cart.id}/lines`,
    headers: { authorization: `Bearer ${cart.session}`, "idempotency-key": client.operationId() },
    body: { sku, quantity: 1 },
  } as const;
  const attempts: Attempt[] = [];
  await names.send(async (region) => {
    const made = await attempt(region, request, { api: client.api, sequence: notebook.sequence });
    attempts.push(made);
    return { end: endOfAttempt(made), value: undefined };
  });
  notebook.changes.push({ name, cart: cart.name, kind: "add", sku, quantity: 1, attempts });
  return doneEnd(attempts)?.vector;
}

async function read({ client, notebook }: Mall, names: NameClient, cart: ShopCart): Promise<void> {
  await names.send(async (region) => {
    const sight = await readCart(cart, region, { api: client.api, notebook });
    return { end: sight === undefined ? "failed" : "done", value: undefined };
  });
}

/** A cart of its own with one unit, checked out with two regions' durability. */
async function buy(mall: Mall, names: NameClient, name: string): Promise<void> {
  const { client, subject, checkouts } = mall;
  const cart = await openCart(mall, names, name);
  if (cart === undefined) return;
  const [sku = ""] = subject.skus;
  const token = await addToOrder(mall, names, cart);
  if (token === undefined || mall.isStopped()) return;
  const checkout = openCheckout(client, {
    cart,
    generation: 0,
    token,
    lines: [{ sku, quantity: 1, unitMinor: subject.unitMinor }],
    currency: drillCurrency,
    paymentMethod: goodCard,
    declining: false,
    durability: "two-regions",
  });
  checkouts.push(checkout);
  await names.send(async (region) => {
    const told = await checkout.sendTo(region);
    return { end: endOfTold(told), value: told };
  });
}

/** Of carts that are ordered the checkout's judge knows; the carts' judge does not. */
async function addToOrder(mall: Mall, names: NameClient, cart: ShopCart): Promise<VersionVector | undefined> {
  const seen = await add(
    { ...mall, notebook: { ...mall.notebook, changes: [], sights: [] } },
    names,
    cart,
    "",
  );
  return seen === undefined ? undefined : mergeVectors({}, seen);
}

/** What a region answers that cannot sell, or has not heard of the cart yet, is an answer; a client asks again. */
function endOfTold(told: Told): SentRequest["end"] {
  if (told.type === "unknown") return "failed";
  return told.type === "confirmed" || isFinal(told) ? "done" : "refused";
}
