import { type CartId, isCartId } from "../ids/cart-id.ts";
import { makeCellId } from "../ids/cell-id.ts";
import { makeOrderId, type OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { RequestType } from "../order/events.ts";
import type { Placing } from "../order/place.ts";
import type { OrderLine } from "../order/placed-item.ts";
import type { Allocated } from "../stock/allocated.ts";
import { operationId, origin, sku, ulidAt } from "./arbitraries.ts";

export const orderTimeMs = 1_760_000_000_000;

export const orderRegionNames = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "ap-east-1#1"].map(origin);

function cartOf(number: number): CartId {
  const text = `crt_${ulidAt(orderTimeMs, number)}_${ulidAt(orderTimeMs, number + 1)}`;
  if (!isCartId(text)) {
    throw new Error(`the test's own cart id is malformed: ${text}`);
  }
  return text;
}

export const orderCartId = cartOf(1);

export const orderOf = (generation: number): OrderId => makeOrderId(orderCartId, generation);

function lampId(): ProductId {
  const text = "desk-lamp-042";
  if (!isProductId(text)) {
    throw new Error("unreachable");
  }
  return text;
}

export const lamp = sku("LAMP-BLACK");

/** One line of lamps. */
export function lampLine(quantity: number, unitMinor: number): OrderLine {
  return { sku: lamp, quantity, unitMinor, product: lampId(), title: "Desk lamp" };
}

/** All of them from the region's first cell. */
export function lampUnits(me: Origin, units: number): readonly Allocated[] {
  return [{ sku: lamp, cell: makeCellId(me, 0), units }];
}

export const orderOp = (number: number): OperationId => operationId(ulidAt(orderTimeMs, number));

const firstRequest: Readonly<Record<RequestType, number>> = {
  "cancel-requested": 1_000,
  "ship-requested": 2_000,
  "deliver-requested": 3_000,
  "return-requested": 4_000,
};

/** The id of a request: the same wherever and however often it is asked. */
export const requestId = (type: RequestType, number: number): OperationId =>
  orderOp(firstRequest[type] + number);

/** What stands for a checkout's request in tests: as long as a SHA-256 in base64url. */
export const orderDigest = (request: string) => request.padEnd(43, "0");

export interface LampCheckout extends Partial<Placing> {
  readonly quantity?: number;
  readonly unitMinor?: number;
  /** The number of its operation id. */
  readonly op?: number;
}

/** A checkout of some lamps, with whatever is to be different. */
export function lampCheckout(me: Origin, change: LampCheckout = {}): Placing {
  const { quantity = 2, unitMinor = 1_250, op = 10, ...others } = change;
  return {
    operationId: orderOp(op),
    requestDigest: orderDigest("card"),
    currency: "EUR",
    lines: [lampLine(quantity, unitMinor)],
    units: lampUnits(me, quantity),
    cartVector: { [me]: 1 },
    operations: new Set([orderOp(1)]),
    ...(unitMinor === 0 ? {} : { method: "pm_card" }),
    durability: "one-region",
    nowMs: orderTimeMs,
    ...others,
  };
}
