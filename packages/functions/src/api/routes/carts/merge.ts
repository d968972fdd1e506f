import {
  authorizeCart,
  type CartId,
  type CartReplicas,
  cartKey,
  cartPartition,
  emptyVector,
  err,
  isCartId,
  type OperationId,
  type Origin,
  ok,
  planGuestMerge,
  type Result,
  type ShopperSession,
  tokenToVector,
  vectorEntries,
} from "@antipode/core";
import { coverItems, notCovered } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { type Problem, storageProblem } from "../../problems.ts";
import { cartRefusal, openCart } from "./access.ts";
import { changeCart } from "./change.ts";
import type { GuestCart } from "./contract.ts";
import { readReplicas } from "./merged.ts";

function refuseGuest(detail: string): { ok: false; error: Problem } {
  return err({ name: "guest-session-refused", detail });
}

/** The guest's cart, when the guest's own session opens it. */
async function openGuestCart(
  { cart, token }: GuestCart,
  deps: ApiDeps,
  nowMs: number,
): Promise<Result<CartId, Problem>> {
  if (!isCartId(cart)) {
    throw new Error("the contract let through what is no cart's id");
  }
  const guest = await deps.sessions.verify(token, nowMs);
  if (!guest.ok) {
    return refuseGuest(
      guest.error.type === "session-expired"
        ? "The guest's session has expired."
        : "The guest's token is not one of this shop's.",
    );
  }
  if (guest.value.type !== "shopper") {
    return refuseGuest("The guest's token is an operator's.");
  }
  const opened = authorizeCart(guest.value, cart, nowMs);
  if (opened.ok) {
    return opened;
  }
  return opened.error.type === "cart-of-another-shopper"
    ? refuseGuest("The guest's cart belongs to another shopper than the guest's token.")
    : err({ ...cartRefusal(opened.error), detail: "The guest's cart is over, or no region made it." });
}

/**
 * What a merge has copied is not looked for again under its operation id. So a client that says what it has seen of
 * the guest's cart gets all of it, or a refusal and may come again.
 */
async function readGuestCart(
  id: CartId,
  seen: string | undefined,
  deps: ApiDeps,
): Promise<Result<CartReplicas, Problem>> {
  const partition = await deps.items.queryPartition("Carts", cartPartition(id));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const wanted = seen === undefined ? ok(emptyVector) : tokenToVector(seen);
  if (!wanted.ok) {
    throw new Error("the contract let through what is no version");
  }
  const keyOf = (origin: Origin) => cartKey(id, origin);
  const covered = await coverItems(deps, "Carts", keyOf, partition.value, wanted.value);
  return vectorEntries(covered.missing).length === 0
    ? readReplicas(covered.items)
    : err(notCovered(covered.missing));
}

/** Copies the guest's operations under their own ids, so that copying them again, anywhere, changes nothing. */
export async function handleMergeCart(
  exchange: Exchange<{ cartId: string }, object, GuestCart> & {
    session: ShopperSession;
    operationId: OperationId;
  },
  deps: ApiDeps,
): Promise<Outcome> {
  const { params, session, nowMs, operationId, body, consistency } = exchange;
  const cartId = openCart(params.cartId, session, nowMs);
  if (!cartId.ok) {
    return cartId;
  }
  if (body.cart === cartId.value) {
    return err({
      name: "invalid-body",
      detail: "See errors for each place.",
      members: { errors: [{ pointer: "#/cart", detail: "A cart is not merged into itself." }] },
    });
  }
  const guestId = await openGuestCart(body, deps, nowMs);
  if (!guestId.ok) {
    return guestId;
  }
  const guest = await readGuestCart(guestId.value, body.seen, deps);
  if (!guest.ok) {
    return guest;
  }
  const merge = { cartId: cartId.value, operationId, guest: guest.value, nowMs };
  return changeCart(deps, cartId.value, consistency, (replicas, origin) =>
    planGuestMerge(replicas, origin, merge),
  );
}
