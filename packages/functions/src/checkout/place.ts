import {
  type Allocated,
  type Allocation,
  type CartReplicas,
  type CellId,
  cartKey,
  cartPartition,
  contendedWrite,
  err,
  type OrderReplicas,
  ok,
  originRegion,
  type Placement,
  type Result,
  vectorEntries,
} from "@antipode/core";
import { type Coverage, coverItems, grantWish } from "../api/consistency.ts";
import { contendedProblem, type Problem, storageProblem } from "../api/problems.ts";
import { readReplicas } from "../api/routes/carts/merged.ts";
import { waitAfterContention, writeAll } from "../platform/write-all.ts";
import type { CheckoutAsk } from "./ask.ts";
import type { CheckoutDeps } from "./deps.ts";
import { type Draft, draft } from "./draft.ts";
import { findKnown } from "./known-checkout.ts";
import { notReadProblem } from "./not-read.ts";

/** Tries of one request: each meets another writer of the order, the cart or a cell, and looks at everything again. */
const triesMax = 6;

/** The placement that this request has made, now or before. */
export interface Placed {
  readonly replicas: OrderReplicas;
  readonly placement: Placement;
  /** When it was made just now. */
  readonly allocation?: Allocation;
  /** What the answer says of the cart's coverage. */
  readonly headers: Readonly<Record<string, string>>;
}

interface SeenCart {
  readonly replicas: CartReplicas;
  readonly headers: Placed["headers"];
}

/** Trying again, here or elsewhere, would not help: no region has it, and none will. */
function foreignToken({ neverMade }: Coverage): Problem {
  return {
    name: "token-of-another",
    detail:
      "Nobody did to this cart what the Consistency-Token names. Send the ETag of this cart's last answer.",
    members: { neverMade: Object.fromEntries(vectorEntries(neverMade)) },
  };
}

/** Names those regions where it helps to check out: they have what is missing, and are of this shop. */
function notCoveredHere({ deployment }: CheckoutDeps, { missing }: Coverage): Problem {
  const lacking = new Set(vectorEntries(missing).map(([origin]) => originRegion(origin)));
  const regions = deployment.regions
    .map(({ name }) => name)
    .filter((name) => name !== deployment.region && lacking.has(name)); // what an earlier life of this one had, is not here
  return {
    name: "cart-not-covered",
    detail:
      regions.length > 0
        ? "What you did elsewhere has not arrived here. Check out there, or send acceptPartial."
        : "What you did has not arrived here, and no other region has it. Send acceptPartial to check out without it.",
    members: { missing: Object.fromEntries(vectorEntries(missing)), regions },
  };
}

async function readCart(deps: CheckoutDeps, ask: CheckoutAsk): Promise<Result<SeenCart, Problem>> {
  const { cartId, wish, acceptPartial } = ask;
  const partition = await deps.items.queryPartition("Carts", cartPartition(cartId));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const keyOf = (origin: Parameters<typeof cartKey>[1]) => cartKey(cartId, origin);
  const covered = await coverItems(deps, "Carts", keyOf, partition.value, wish?.wanted ?? {});
  const strict = wish?.strict === true;
  if (vectorEntries(covered.neverMade).length > 0 && (strict || !acceptPartial)) {
    return err(foreignToken(covered));
  }
  const granted = grantWish(covered.missing, wish);
  if (!granted.ok) {
    return granted;
  }
  if (vectorEntries(covered.missing).length > 0 && !acceptPartial) {
    return err(notCoveredHere(deps, covered));
  }
  const replicas = readReplicas(covered.items);
  return replicas.ok ? ok({ replicas: replicas.value, headers: granted.value }) : replicas;
}

const operationIdReused: Problem = {
  name: "operation-id-reused",
  detail: "This Idempotency-Key was used for another checkout of this cart. Use a new one.",
};

function inCheckoutProblem(placement: Placement): Problem {
  return {
    name: "cart-in-checkout",
    detail: "Another checkout of this cart is open. Its order says how it ends.",
    members: { order: placement.orderId },
  };
}

/** Says on the first cell of each SKU that its cells were contended: from some number on the region uses more of them. */
async function markContended(deps: CheckoutDeps, units: readonly Allocated[]): Promise<void> {
  for (const sku of new Set(units.map((taken) => taken.sku))) {
    const write = contendedWrite({ sku, origin: deps.deployment.origin }, deps.clock.nowMs());
    const marked = await deps.items.update("Stock", write.key, write.update);
    if (!marked.ok) {
      deps.log.info("a contended try is not counted", { sku, cause: marked.error });
    }
  }
}

/** Nothing was written, as something is being written: look at everything again. */
type Unsettled = { readonly type: "changed" | "begun" };

type Tried = Result<({ readonly type: "placed" } & Placed) | Unsettled, Problem>;

async function writeDraft(
  deps: CheckoutDeps,
  { placement, allocation, writes }: Draft,
  { order, avoid }: { readonly order: OrderReplicas; readonly avoid: Set<CellId> },
  headers: Placed["headers"],
): Promise<Tried> {
  const written = await writeAll(deps.items, writes);
  if (!written.ok) {
    return err(storageProblem(written.error));
  }
  if (written.value === "written") {
    return ok({ type: "placed", replicas: order, placement, allocation, headers });
  }
  if (written.value === "contended") {
    await markContended(deps, allocation.units);
    for (const { cell } of allocation.units) {
      avoid.add(cell);
    }
  }
  return ok({ type: "changed" });
}

async function tryToPlace(deps: CheckoutDeps, ask: CheckoutAsk, avoid: Set<CellId>): Promise<Tried> {
  const cart = await readCart(deps, ask);
  if (!cart.ok) {
    return cart;
  }
  const { headers } = cart.value;
  const found = await findKnown(deps, ask, cart.value.replicas);
  if (!found.ok) {
    return found;
  }
  const { replicas, known } = found.value;
  if (known !== undefined) {
    return known.type === "done-already"
      ? ok({ type: "placed", replicas, placement: known.placement, headers })
      : err(known.type === "placed-before" ? inCheckoutProblem(known.placement) : operationIdReused);
  }
  const drafted = await draft(deps, ask, { cart: cart.value.replicas, order: replicas, avoid });
  if (!drafted.ok || drafted.value.type === "begun") {
    return drafted.ok ? ok({ type: "begun" }) : drafted;
  }
  return writeDraft(deps, drafted.value, { order: replicas, avoid }, headers);
}

/**
 * Places a cart's order in this region: stock, order and cart in one transaction, with nobody else asked, unless stock is
 * short. A repeated request finds the order that it placed, here or elsewhere.
 */
export async function place(deps: CheckoutDeps, ask: CheckoutAsk): Promise<Result<Placed, Problem>> {
  const avoid = new Set<CellId>();
  let unsettled: Unsettled["type"] = "changed";
  for (let tries = 1; tries <= triesMax; tries += 1) {
    const tried = await tryToPlace(deps, ask, avoid);
    if (!tried.ok) {
      return tried;
    }
    if (tried.value.type === "placed") {
      return ok(tried.value);
    }
    unsettled = tried.value.type;
    await waitAfterContention(deps, tries);
  }
  return err(
    unsettled === "changed"
      ? contendedProblem()
      : notReadProblem("the order that the cart says has begun is not read"),
  );
}
