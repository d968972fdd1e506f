import {
  type Allocated,
  type Allocation,
  type CartReplicas,
  type CellId,
  cartKey,
  cartPartition,
  contendedWrite,
  err,
  generationOf,
  holdWrite,
  type OrderReplicas,
  ok,
  originRegion,
  type Placement,
  planBegin,
  planPlace,
  type Result,
  type TransactionWrite,
  vectorEntries,
  viewCart,
} from "@antipode/core";
import { coverItems, grantWish } from "../api/consistency.ts";
import { contendedProblem, type Problem, storageProblem } from "../api/problems.ts";
import { operationIdReused } from "../api/routes/carts/change.ts";
import { readReplicas } from "../api/routes/carts/merged.ts";
import { waitAfterContention, writeAll } from "../orders/write.ts";
import { readAllCells } from "../stock/read-cells.ts";
import type { CheckoutAsk } from "./ask.ts";
import type { CheckoutDeps } from "./deps.ts";
import { findUnits, stockProblem } from "./find-units.ts";
import { findKnown } from "./known-checkout.ts";
import { priceLines } from "./price-lines.ts";

/** Tries of one request: each meets another writer of the cart or of a cell, and looks at everything again. */
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

async function readCart(deps: CheckoutDeps, ask: CheckoutAsk): Promise<Result<SeenCart, Problem>> {
  const { cartId, wish, acceptPartial } = ask;
  const partition = await deps.items.queryPartition("Carts", cartPartition(cartId));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const keyOf = (origin: Parameters<typeof cartKey>[1]) => cartKey(cartId, origin);
  const covered = await coverItems(deps, "Carts", keyOf, partition.value, wish?.wanted ?? {});
  const granted = grantWish(covered.missing, wish);
  if (!granted.ok) {
    return granted;
  }
  const missing = vectorEntries(covered.missing).map(([origin]) => origin);
  if (missing.length > 0 && !acceptPartial) {
    return err({
      name: "cart-not-covered",
      detail: "What you did elsewhere has not arrived here. Check out there, or send acceptPartial.",
      members: {
        missing: Object.fromEntries(vectorEntries(covered.missing)),
        regions: [...new Set(missing.map(originRegion))],
      },
    });
  }
  const replicas = readReplicas(covered.items);
  return replicas.ok ? ok({ replicas: replicas.value, headers: granted.value }) : replicas;
}

function inCheckoutProblem(placement: Placement): Problem {
  return {
    name: "cart-in-checkout",
    detail: "Another checkout of this cart is open. Its order says how it ends.",
    members: { order: placement.orderId },
  };
}

function refusePlan(plan: Exclude<ReturnType<typeof planPlace>, { type: "write" }>): Problem {
  switch (plan.type) {
    case "method-missing":
      return {
        name: "payment-method-needed",
        detail: "Send paymentMethod: there is something to pay.",
        members: { totalMinor: plan.totalMinor },
      };
    case "line-too-large":
      return {
        name: "invalid-body",
        detail: "See errors for each place.",
        members: { errors: [{ pointer: "#/lines", detail: `At most ${plan.limit} units of one SKU.` }] },
      };
    case "placed-before":
      return inCheckoutProblem(plan.placement);
    case "operation-id-reused":
      return operationIdReused;
    case "done-already":
    case "placement-not-seen":
      return contendedProblem(plan);
    case "too-many-lines":
    case "units-too-scattered":
    case "request-too-long":
      return { name: "stock-short", detail: "The order is too large to be placed at once.", cause: plan };
  }
}

interface Draft {
  readonly placement: Placement;
  readonly allocation: Allocation;
  readonly writes: readonly TransactionWrite[];
}

/** Everything that the one transaction writes: the order's items, the cells, the cart. */
async function draft(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  seen: { readonly cart: CartReplicas; readonly order: OrderReplicas; readonly avoid: ReadonlySet<CellId> },
): Promise<Result<Draft, Problem>> {
  const nowMs = deps.clock.nowMs();
  const me = deps.deployment.origin;
  const begin = planBegin(seen.cart, me, { cartId: ask.cartId, generation: generationOf(seen.cart), nowMs });
  if (begin.type === "cart-empty") {
    return err({ name: "cart-empty", detail: "Add something, then check out." });
  }
  if (begin.type !== "write") {
    return err(contendedProblem(begin)); // begun here: the order's items are about to be seen
  }
  const skus = begin.lines.map(({ sku }) => sku);
  // all reads at once: a checkout that is refused for its prices has read some cells for nothing
  const [lines, rights, cells] = await Promise.all([
    priceLines(deps, begin.lines, ask),
    deps.rights(),
    readAllCells(deps, skus),
  ]);
  if (!lines.ok) {
    return lines;
  }
  if (!rights.ok) {
    return err(stockProblem(rights.error));
  }
  if (!rights.value.leaseRunning) {
    return err({
      name: "not-selling",
      detail: "Check out in another region, with the same Idempotency-Key.",
    });
  }
  const { operationId, request, currency, method, durability } = ask;
  const wanted = { lines: lines.value, operationId, avoid: seen.avoid, seen: cells };
  const units = await findUnits(deps, rights.value, wanted);
  if (!units.ok) {
    return units;
  }
  const plan = planPlace(seen.order, me, {
    operationId,
    request,
    currency,
    lines: lines.value,
    units: units.value,
    cartVector: viewCart(seen.cart).vector,
    operations: begin.operations,
    ...(method === undefined ? {} : { method }),
    durability,
    nowMs,
  });
  if (plan.type !== "write") {
    return err(refusePlan(plan));
  }
  const cart = {
    type: "update",
    table: "Carts",
    key: cartKey(ask.cartId, me),
    update: begin.update,
  } as const;
  const holds = units.value.map((taken) => holdWrite(taken, nowMs));
  return ok({ ...plan, writes: [...plan.writes, ...holds, cart] });
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

/**
 * Places a cart's order in this region: stock, order and cart in one transaction, with nobody else asked, unless stock is
 * short. A repeated request finds the order that it placed, here or elsewhere.
 */
export async function place(deps: CheckoutDeps, ask: CheckoutAsk): Promise<Result<Placed, Problem>> {
  const avoid = new Set<CellId>();
  for (let tries = 1; tries <= triesMax; tries += 1) {
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
        ? ok({ replicas, placement: known.placement, headers })
        : err(known.type === "placed-before" ? inCheckoutProblem(known.placement) : operationIdReused);
    }
    const drafted = await draft(deps, ask, { cart: cart.value.replicas, order: replicas, avoid });
    if (!drafted.ok) {
      return drafted;
    }
    const { placement, allocation, writes } = drafted.value;
    const written = await writeAll(deps.items, writes);
    if (!written.ok) {
      return err(storageProblem(written.error));
    }
    if (written.value === "written") {
      return ok({ replicas, placement, allocation, headers });
    }
    if (written.value === "contended") {
      await markContended(deps, allocation.units);
      for (const { cell } of allocation.units) {
        avoid.add(cell);
      }
    }
    await waitAfterContention(deps, tries);
  }
  return err(contendedProblem());
}
