import {
  addUpdate,
  type CartItem,
  type CartReplicas,
  cartKey,
  fromAttributes,
  itemBytes,
  itemToCart,
  mergeReplicas,
  noReplicas,
  planRemove,
  planSet,
  replicasOf,
  type StoredItem,
  toAttributes,
  type Update,
  viewCart,
} from "@antipode/core";
import { createFakeItems } from "../../../core/src/testing/fake-items.ts";
import { cartIdAt, operationIdAt, origins } from "../store/sample-shop.ts";
import type { CartForm, StoredCart } from "./cart-form.ts";
import type { CartEdit, CartHistory, Lines } from "./history.ts";

const nowMs = 1_760_000_000_000;
const cartId = cartIdAt(nowMs, 1);

function readCart(item: StoredItem): CartItem {
  const cart = itemToCart(item);
  if (!cart.ok) {
    throw new Error(`${cart.error.attribute}: ${cart.error.reason}`);
  }
  return cart.value;
}

/** The regions' stores, written through the domain's own plans. */
function createRegions() {
  const stores = origins.map(createFakeItems);
  const seen: CartReplicas[] = origins.map(() => noReplicas);

  function updateFor(edit: CartEdit): Update {
    const operationId = operationIdAt(nowMs, 1 + edit.id);
    const change = { cartId, operationId, sku: edit.sku, nowMs };
    const origin = origins[edit.region];
    const replicas = seen[edit.region];
    if (origin === undefined || replicas === undefined) {
      throw new Error(`no region ${edit.region}`);
    }
    if (edit.type === "add") {
      return addUpdate({ ...change, quantity: edit.quantity });
    }
    const plan =
      edit.type === "set"
        ? planSet(replicas, origin, { ...change, quantity: edit.quantity })
        : planRemove(replicas, origin, change);
    if (plan.type !== "write") {
      throw new Error(`edit ${edit.id} was not to be written: ${plan.type}`);
    }
    return plan.update;
  }

  return {
    async apply(edit: CartEdit): Promise<void> {
      const store = stores[edit.region];
      const outcome = await store?.update("Carts", cartKey(cartId, store.origin), updateFor(edit));
      if (outcome?.ok !== true || outcome.value.type !== "written") {
        throw new Error(`edit ${edit.id} was refused: ${JSON.stringify(outcome)}`);
      }
      const own = replicasOf([readCart(outcome.value.item)]);
      seen[edit.region] = mergeReplicas(seen[edit.region] ?? noReplicas, own);
    },
    shareAll(): void {
      const all = seen.reduce(mergeReplicas);
      seen.fill(all);
    },
    items: (): readonly StoredItem[] => stores.flatMap((store) => store.dump("Carts")),
  };
}

function merge(texts: readonly string[]): Lines {
  const carts = texts.map((text) => {
    const item = fromAttributes(JSON.parse(text));
    if (!item.ok) {
      throw new Error(`${item.error.path}: ${item.error.reason}`);
    }
    return readCart(item.value);
  });
  return new Map(viewCart(replicasOf(carts)).lines.map(({ sku, quantity }) => [sku, quantity]));
}

/** Operations by id, one item a region: decoded from the JSON text in which DynamoDB answers. */
export const antipodeCart: CartForm = {
  name: "antipode",
  async play({ shared, concurrent }: CartHistory): Promise<StoredCart> {
    const regions = createRegions();
    for (const edit of shared) {
      await regions.apply(edit);
    }
    regions.shareAll();
    for (const edit of concurrent) {
      await regions.apply(edit);
    }
    const items = regions.items();
    const texts = items.map((item) => JSON.stringify(toAttributes(item)));
    return {
      merge: () => merge(texts),
      bytes: items.reduce((sum, item) => sum + itemBytes(item), 0),
    };
  },
};
