import fc from "fast-check";
import { addUpdate } from "../cart/add.ts";
import { type CartReplicas, liveOperations, replicasOf } from "../cart/cart.ts";
import { type CartItem, type CartOperation, cartKey, cartToItem, itemToCart } from "../cart/cart-item.ts";
import { isCartId } from "../ids/cart-id.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { StoredItem } from "../items/item.ts";
import { operationId, origins, sku, ulidAt } from "./arbitraries.ts";
import { createFakeItems } from "./fake-items.ts";

const madeAtMs = 1_760_000_000_000;
const shopper = ulidAt(madeAtMs, 1);
const cartText = `crt_${shopper}_${ulidAt(madeAtMs, 2)}`;

export const skus = ["LAMP-BLACK", "LAMP-WHITE"].map(sku);

/** What happens to a cart. Operation ids are few, so that schedules are full of retries in other regions. */
export type CartStep =
  | { readonly type: "add"; readonly at: number; readonly id: number }
  | { readonly type: "set"; readonly at: number; readonly id: number }
  | { readonly type: "remove"; readonly at: number; readonly sku: number }
  | { readonly type: "deliver"; readonly from: number; readonly to: number };

const anyRegion = fc.nat({ max: origins.length - 1 });

export const anyCartSteps: fc.Arbitrary<readonly CartStep[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant("add" as const), at: anyRegion, id: fc.nat({ max: 7 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant("set" as const), at: anyRegion, id: fc.nat({ max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant("remove" as const), at: anyRegion, sku: fc.nat({ max: 1 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant("deliver" as const), from: anyRegion, to: anyRegion }),
    },
  ),
  { maxLength: 40 },
);

/** The content of an operation id: the same wherever a client sends it. */
function contentOf(kind: "+" | "=", id: number): CartOperation {
  return { kind, sku: skus[id % 2] ?? sku("NONE"), quantity: kind === "+" ? 1 + (id % 3) : id % 4 };
}

function idOf(kind: "+" | "=", id: number): OperationId {
  return operationId(ulidAt(madeAtMs + 1_000, id + (kind === "+" ? 0 : 100)));
}

export interface CartRun {
  /** Every state that any region's item ever had, in the order of writing. */
  readonly versions: readonly StoredItem[];
  /** Acknowledged, by id. */
  readonly acknowledged: ReadonlyMap<OperationId, CartOperation>;
  /** Cancelled by a remove or set that had seen them. */
  readonly removed: ReadonlySet<OperationId>;
}

export function readAll(items: Iterable<StoredItem>): CartReplicas {
  const carts: CartItem[] = [];
  for (const item of items) {
    const cart = itemToCart(item);
    if (!cart.ok) {
      throw new Error(JSON.stringify(cart.error));
    }
    carts.push(cart.value);
  }
  return replicasOf(carts);
}

/** Plays a schedule against one store for each region: the shipped add, and the removals that the layout allows. */
export async function playCart(steps: readonly CartStep[]): Promise<CartRun> {
  if (!isCartId(cartText)) {
    throw new Error("the test's own cart id is malformed");
  }
  const cartId = cartText;
  const regions = origins.map(createFakeItems);
  const versions: StoredItem[] = [];
  const acknowledged = new Map<OperationId, CartOperation>();
  const removed = new Set<OperationId>();
  const own = (at: number) => {
    const region = regions[at];
    const key = region === undefined ? undefined : cartKey(cartId, region.origin);
    if (region === undefined || key === undefined) {
      throw new Error(`no region ${at}`);
    }
    return { region, item: region.dump("Carts").find((item) => item.sk === key.sk) };
  };

  function cancel(at: number, skuIndex: number, keep?: { id: OperationId; operation: CartOperation }) {
    const { region, item } = own(at);
    const seen = readAll(region.dump("Carts"));
    const target = skus[skuIndex];
    const mine = item === undefined ? undefined : readAll([item]).get(region.origin);
    if (keep !== undefined && (mine?.operations.has(keep.id) || mine?.cancelled.has(keep.id))) {
      return;
    }
    const cancelled = new Set(mine?.cancelled);
    for (const [id, operation] of liveOperations(seen)) {
      if (operation.sku === target && id !== keep?.id) {
        cancelled.add(id);
        removed.add(id);
      }
    }
    const next = cartToItem({
      cartId,
      origin: region.origin,
      counter: (mine?.counter ?? 0) + 1,
      generation: 0,
      operations: new Map([
        ...(mine?.operations ?? []),
        ...(keep ? [[keep.id, keep.operation] as const] : []),
      ]),
      cancelled,
      ordered: new Map(),
      touchedAtMs: madeAtMs,
      expiresAtSeconds: 0,
    });
    region.load("Carts", [next]);
    versions.push(next);
  }

  for (const step of steps) {
    if (step.type === "add") {
      const operation = contentOf("+", step.id);
      const id = idOf("+", step.id);
      const { region } = own(step.at);
      const line = {
        cartId,
        operationId: id,
        sku: operation.sku,
        quantity: operation.quantity,
        nowMs: madeAtMs,
      };
      const outcome = await region.update("Carts", cartKey(cartId, region.origin), addUpdate(line));
      acknowledged.set(id, operation);
      if (outcome.ok && outcome.value.type === "written") {
        versions.push(outcome.value.item);
      }
    } else if (step.type === "set") {
      const operation = contentOf("=", step.id);
      const id = idOf("=", step.id);
      cancel(step.at, step.id % 2, { id, operation });
      acknowledged.set(id, operation);
    } else if (step.type === "remove") {
      cancel(step.at, step.sku);
    } else {
      const { item } = own(step.from);
      const target = own(step.to).region;
      target.load("Carts", item === undefined || step.from === step.to ? [] : [item]);
    }
  }
  return { versions, acknowledged, removed };
}

/** The specification, over the history alone: of each SKU the greatest `=` and the sum of the `+` still standing. */
export function expectedLines(run: CartRun): readonly { sku: string; quantity: number }[] {
  const standing = [...run.acknowledged]
    .filter(([id]) => !run.removed.has(id))
    .map(([, operation]) => operation);
  return skus
    .map((wanted) => {
      const mine = standing.filter((operation) => operation.sku === wanted);
      const set = Math.max(0, ...mine.filter(({ kind }) => kind === "=").map(({ quantity }) => quantity));
      const added = mine.filter(({ kind }) => kind === "+").reduce((sum, { quantity }) => sum + quantity, 0);
      return { sku: wanted, quantity: set + added };
    })
    .filter((line) => line.quantity > 0);
}
