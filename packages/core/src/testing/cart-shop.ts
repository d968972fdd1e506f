import { addUpdate, explainAddRefusal } from "../cart/add.ts";
import { type CartReplicas, replicasOf, viewCart } from "../cart/cart.ts";
import { cartKey, cartPartition } from "../cart/cart-item.ts";
import { planRemove, planSet } from "../cart/change.ts";
import { planBegin, planFailed, planOrdered } from "../cart/generation.ts";
import { planGuestMerge } from "../cart/guest-merge.ts";
import type { CartId } from "../ids/cart-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { StoredItem } from "../items/item.ts";
import type { Update } from "../ports/items.ts";
import { operationId, origin, sku, ulidAt } from "./arbitraries.ts";
import { readCart } from "./cart-invariants.ts";
import { cartIds, madeAtMs } from "./cart-steps.ts";
import { createFakeItems, replicateAll } from "./fake-items.ts";

type Plan = { readonly type: "write"; readonly update: Update } | { readonly type: string };

/** The id of an example's operation: `at` ms after the carts were made, where its age matters. */
export function op(number: number, at = 1_000): OperationId {
  return operationId(ulidAt(madeAtMs + at, number));
}

/** One region of an example: makes changes with the shipped plans, on what its own store holds. */
export function createCartShop(name: string) {
  const items = createFakeItems(origin(name));
  const shop = {
    origin: items.origin,
    items,
    nowMs: madeAtMs + 2_000,

    seen(cart: CartId = cartIds.main): CartReplicas {
      const partition = items.dump("Carts").filter(({ pk }) => pk === cartPartition(cart));
      return replicasOf(partition.map(readCart));
    },
    view: (cart?: CartId) => viewCart(shop.seen(cart)),
    /** `LAMP 2, TENT 1` */
    lines: (cart?: CartId) =>
      shop
        .view(cart)
        .lines.map((line) => `${line.sku} ${line.quantity}`)
        .join(", "),
    own: (cart: CartId = cartIds.main): StoredItem | undefined =>
      items.dump("Carts").find(({ pk, sk }) => pk === cartPartition(cart) && sk === `R#${items.origin}`),

    /** Applies a plan as the api does; the answer is what came of it. */
    async apply(plan: Plan, cart: CartId = cartIds.main): Promise<string> {
      if (!("update" in plan)) {
        return plan.type;
      }
      const outcome = await items.update("Carts", cartKey(cart, items.origin), plan.update);
      return outcome.ok ? outcome.value.type : outcome.error.type;
    },

    async add(number: number, text: string, quantity: number, cart: CartId = cartIds.main): Promise<string> {
      const line = { cartId: cart, operationId: op(number), sku: sku(text), quantity, nowMs: shop.nowMs };
      const outcome = await items.update("Carts", cartKey(cart, items.origin), addUpdate(line));
      if (!outcome.ok) {
        return outcome.error.type;
      }
      return outcome.value.type === "written" ? "written" : explainAddRefusal(line, outcome.value.item).type;
    },
    set: (number: number, text: string, quantity: number) =>
      shop.apply(planSet(shop.seen(), items.origin, { ...shop.change(number, text), quantity })),
    remove: (number: number, text: string, cart: CartId = cartIds.main) =>
      shop.apply(
        planRemove(shop.seen(cart), items.origin, { ...shop.change(number, text), cartId: cart }),
        cart,
      ),
    change: (number: number, text: string) => ({
      cartId: cartIds.main,
      operationId: op(number),
      sku: sku(text),
      nowMs: shop.nowMs,
    }),

    /** One write of a merge, or the answer that ends it. */
    mergeOnce: (number: number) =>
      shop.apply(
        planGuestMerge(shop.seen(), items.origin, {
          cartId: cartIds.main,
          operationId: op(number),
          guest: shop.seen(cartIds.guest),
          nowMs: shop.nowMs,
        }),
      ),
    async merge(number: number): Promise<string> {
      let answer = await shop.mergeOnce(number);
      while (answer === "written") {
        answer = await shop.mergeOnce(number);
      }
      return answer;
    },

    step: (generation: number) => ({ cartId: cartIds.main, generation, nowMs: shop.nowMs }),
    begin: (generation: number, cart: CartId = cartIds.main) =>
      shop.apply(planBegin(shop.seen(cart), items.origin, { ...shop.step(generation), cartId: cart }), cart),
    ordered: (generation: number, winner: { readonly origin: Origin }) =>
      shop.apply(planOrdered(shop.seen(), items.origin, { ...shop.step(generation), winner: winner.origin })),
    failed: (generation: number) => shop.apply(planFailed(shop.seen(), items.origin, shop.step(generation))),
  };
  return shop;
}

export type CartShop = ReturnType<typeof createCartShop>;

/** Everything that the shops hold of their own arrives at the others. */
export function exchange(...shops: readonly CartShop[]): void {
  replicateAll(
    shops.map(({ items }) => items),
    "Carts",
  );
}
