import { createHash } from "node:crypto";
import type { CartId, Currency, Durability, OperationId, Sku } from "@antipode/core";
import { requestText } from "@antipode/core";
import type { ConsistencyWish } from "../api/consistency.ts";
import type { CheckoutBody } from "./routes/checkout/contract.ts";

/** A line as the shopper saw it. */
export interface SeenLine {
  readonly sku: Sku;
  readonly quantity: number;
  readonly unitMinor: number;
}

/** A checkout that was asked for. */
export interface CheckoutAsk {
  readonly cartId: CartId;
  /** Which checkout of the cart. */
  readonly generation: number;
  readonly operationId: OperationId;
  /** A digest, equal for equal requests: what the operation id stands for. */
  readonly requestDigest: string;
  readonly currency: Currency;
  readonly lines: readonly SeenLine[];
  readonly method?: string;
  readonly durability: Durability;
  readonly acceptPartial: boolean;
  readonly wish?: ConsistencyWish;
}

/**
 * What a repeated operation id is held against: a digest of whose cart it is and of all that changes what is bought or how it is
 * paid. The placement holds its lines anyway; their text beside them would cost a unit of each write.
 */
export function checkoutRequest(cartId: CartId, body: CheckoutBody): string {
  const lines = [...body.lines].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  const { currency, paymentMethod, durability } = body;
  const text = requestText({ cart: cartId, currency, lines, paymentMethod, durability });
  return createHash("sha256").update(text).digest("base64url");
}
