import type { VersionVector } from "@antipode/core";
import * as z from "zod";
import { attemptAlong, doneEnd, tokenHeaders } from "../attempt.ts";
import type { FaultFeed } from "../fault-feed.ts";
import { type Answer, askShop, askUntilAnswered, type ShopRequest } from "../request.ts";
import type { Checkout, CheckoutAttempt, OrderLine, SeenCell, SeenOrder, Told } from "./history.ts";
import { readCells, readOrder, toldBy } from "./schemas.ts";

const createdSchema = z.object({ id: z.string(), session: z.object({ token: z.string() }) });

export interface ShopClient {
  readonly api: (region: string) => string;
  readonly sequence: () => number;
  /** A new operation id. */
  readonly operationId: () => string;
  readonly adminToken: string;
  /** Which regions faults keep away from one another. */
  readonly faults: Pick<FaultFeed, "keptApart">;
}

/** A cart and the session that opens it. */
export interface ShopCart {
  /** For people and findings; the id is another one in each run. */
  readonly name: string;
  readonly id: string;
  readonly session: string;
}

/** Takes a new cart in the first region that answers; it writes nothing, so that it may be asked for often. */
export async function takeCart(
  client: ShopClient,
  name: string,
  route: readonly string[],
): Promise<ShopCart | undefined> {
  for (const region of route) {
    const reply = await askShop(client.api(region), { method: "POST", path: "/v1/carts" });
    if (reply.type !== "answer" || reply.status !== 201) continue;
    const { id, session } = createdSchema.parse(reply.body);
    return { name, id, session: session.token };
  }
  return undefined;
}

/** Adds a line, once, wherever it gets through. What the answer covers; nothing when nobody answered. */
export async function addToCart(
  client: ShopClient,
  cart: ShopCart,
  {
    sku,
    quantity,
    route,
  }: { readonly sku: string; readonly quantity: number; readonly route: readonly string[] },
): Promise<VersionVector | undefined> {
  const request: ShopRequest = {
    method: "POST",
    path: `/v1/carts/${cart.id}/lines`,
    headers: { authorization: `Bearer ${cart.session}`, "idempotency-key": client.operationId() },
    body: { sku, quantity },
  };
  return doneEnd(await attemptAlong(route, request, client))?.vector;
}

export interface CheckoutWish {
  readonly cart: ShopCart;
  /** Of the cart, as the client has seen it. */
  readonly generation: number;
  readonly lines: readonly OrderLine[];
  readonly currency: string;
  readonly paymentMethod: string;
  readonly declining: boolean;
  readonly durability: "one-region" | "two-regions";
  /** What the client has seen of the cart. */
  readonly token: VersionVector;
}

/** A checkout that can be sent again and again, under one operation id. */
export interface OpenCheckout {
  /** Sends it to one region, and keeps what was told. */
  sendTo(region: string): Promise<Told>;
  record(): Checkout;
}

export function openCheckout(client: ShopClient, wish: CheckoutWish): OpenCheckout {
  const { cart, lines, currency, declining } = wish;
  const operationId = client.operationId();
  const attempts: CheckoutAttempt[] = [];
  const request = checkoutRequest(wish, operationId);
  return {
    async sendTo(region) {
      const sent = client.sequence();
      const before = client.faults.keptApart(region);
      const reply = await askShop(client.api(region), request);
      const told = toldBy(reply, client.sequence());
      const apart = [...new Set([...before, ...client.faults.keptApart(region)])];
      attempts.push({ region, sent, told, apart });
      return told;
    },
    record: () => ({
      name: cart.name,
      cart: cart.id,
      operationId,
      lines,
      currency,
      declining,
      attempts: attempts.toSorted((left, right) => left.told.at - right.told.at),
    }),
  };
}

function checkoutRequest(wish: CheckoutWish, operationId: string): ShopRequest {
  const { cart, generation, lines, currency, paymentMethod, durability, token } = wish;
  return {
    method: "POST",
    path: `/v1/carts/${cart.id}/checkout`,
    headers: {
      authorization: `Bearer ${cart.session}`,
      "idempotency-key": operationId,
      ...tokenHeaders(token),
    },
    body: { generation, currency, lines, paymentMethod, durability, acceptPartial: false },
  };
}

const operator = ({ adminToken }: ShopClient) => ({ authorization: `Bearer ${adminToken}` });

/** What a region says of an order; nothing where it knows none. */
export async function orderIn(
  client: ShopClient,
  region: string,
  id: string,
): Promise<SeenOrder | undefined> {
  const request = { method: "GET", path: `/v1/orders/${id}`, headers: operator(client) } as const;
  const reply = await askShop(client.api(region), request);
  if (reply.type === "answer" && reply.status === 404) return undefined;
  if (reply.type === "answer" && reply.status === 200) return readOrder(reply.body);
  return readOrder((await askUntilAnswered(client.api(region), request)).body);
}

/** A SKU's cells as a region has seen them; nothing when it does not answer. */
export async function cellsIn(
  client: ShopClient,
  region: string,
  sku: string,
): Promise<readonly SeenCell[] | undefined> {
  const request = { method: "GET", path: `/v1/stock/${sku}/cells`, headers: operator(client) } as const;
  const reply = await askShop(client.api(region), request);
  return reply.type === "answer" && reply.status === 200 ? readCells(reply.body) : undefined;
}

export interface DeliveryWish {
  readonly operationId: string;
  readonly sku: string;
  /** Whose stock it is. */
  readonly region: string;
  readonly quantity: number;
}

/** Sends a delivery to a region, its own or another, while nothing is broken. */
export async function deliver(client: ShopClient, to: string, wish: DeliveryWish): Promise<Answer> {
  return askUntilAnswered(client.api(to), {
    method: "POST",
    path: `/v1/stock/${wish.sku}/deliveries`,
    headers: { ...operator(client), "idempotency-key": wish.operationId },
    body: { region: wish.region, quantity: wish.quantity },
  });
}
