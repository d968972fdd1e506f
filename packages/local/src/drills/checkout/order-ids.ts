import { isCartId, isOrderId, makeOrderId, orderCart } from "@antipode/core";
import type { DrillContext } from "../drill.ts";
import { type Checkout, type LedgerPayment, orderNamed } from "./history.ts";
import { readLedger } from "./schemas.ts";

/** The cart that an order is of, by its id. */
export const cartOf = (id: string): string => (isOrderId(id) ? orderCart(id) : "");

/** The provider's payments for these carts, and those that name no order. */
export async function paymentsOf(
  { world }: DrillContext,
  checkouts: readonly Checkout[],
): Promise<readonly LedgerPayment[]> {
  const carts = new Set(["", ...checkouts.map(({ cart }) => cart)]);
  return readLedger(await world.paymentLedger()).filter(({ order }) => carts.has(cartOf(order)));
}

/** Every order that may be there: those that an answer or the provider names, and those that nobody answered for. */
export async function orderIdsOf(
  context: DrillContext,
  checkouts: readonly Checkout[],
): Promise<readonly string[]> {
  const named = checkouts.flatMap(({ attempts }) =>
    attempts.map(({ told }) => orderNamed(told)).filter((id) => id !== undefined),
  );
  const paid = (await paymentsOf(context, checkouts)).map(({ order }) => order).filter((id) => id !== "");
  const unanswered = [...Map.groupBy(checkouts, ({ cart }) => cart)].flatMap(generationsOf);
  return [...new Set([...named, ...paid, ...unanswered])];
}

/** A cart's checkouts, one after another: each may have been a generation of its own. */
function generationsOf([cart, checkouts]: readonly [string, readonly Checkout[]]): readonly string[] {
  const mayBePlaced = checkouts.some(({ attempts }) => attempts.some(({ told }) => told.type !== "refused"));
  if (!isCartId(cart) || !mayBePlaced) return [];
  return checkouts.map((_, generation) => makeOrderId(cart, generation));
}
