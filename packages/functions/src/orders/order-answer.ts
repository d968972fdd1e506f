import { type Order, vectorToEtag } from "@antipode/core";
import type { z } from "zod";
import type { Answer } from "../api/exchange.ts";
import type { orderSchema } from "../checkout/routes/orders/contract.ts";

const time = (ms: number) => new Date(ms).toISOString();

/** An order as the API shows it. */
export function orderToBody(order: Order): z.infer<typeof orderSchema> {
  const { id, cart, state, owner, shown, placedAtMs, holdEndsAtMs, lines, total, durability, payment } =
    order;
  return {
    id,
    cart,
    state,
    decided: owner !== undefined,
    placedIn: shown,
    placedAt: time(placedAtMs),
    holdEndsAt: time(holdEndsAtMs),
    currency: total.currency,
    lines: lines.map((line) => ({ ...line })),
    totalMinor: total.amountMinor,
    durability: durability.reached,
    ...(payment.declinedCode === undefined ? {} : { declineCode: payment.declinedCode }),
    requests: order.pending.map(({ type, operationId, atMs }) => ({
      type,
      operation: operationId,
      at: time(atMs),
    })),
  };
}

/** An order is one shopper's: no shared cache may keep it. */
export function orderHeaders(order: Order): Readonly<Record<string, string>> {
  return { "Cache-Control": "private, no-cache", ETag: vectorToEtag(order.vector) };
}

/** An answer that is the order as it stands. */
export function orderAnswer(
  order: Order,
  status: Answer["status"] = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer & { readonly headers: Readonly<Record<string, string>> } {
  return { status, body: orderToBody(order), headers: { ...orderHeaders(order), ...headers } };
}
