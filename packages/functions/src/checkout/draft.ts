import {
  type Allocated,
  type Allocation,
  type BeginPlan,
  type CartLine,
  type CartReplicas,
  type CellId,
  type Cells,
  cartKey,
  err,
  holdWrite,
  type OrderLine,
  type OrderReplicas,
  ok,
  type Placement,
  planBegin,
  planPlace,
  type Result,
  type Sku,
  type TransactionWrite,
  viewCart,
} from "@antipode/core";
import { type Problem, readProblem } from "../api/problems.ts";
import { type SellingRights, sellingOf } from "../control/selling-rights.ts";
import { readAllCells } from "../stock/read-cells.ts";
import type { CheckoutAsk } from "./ask.ts";
import type { CheckoutDeps } from "./deps.ts";
import { findUnits } from "./find-units.ts";
import { notSellingProblem } from "./not-selling.ts";
import { priceLines } from "./price-lines.ts";

type Refusal = Exclude<ReturnType<typeof planPlace>, { type: "write" }>;

/**
 * What planning may refuse of an order that the door let in, whose lines are the cart's and whose placements are known. Any
 * other refusal is a bug.
 */
function refusePlan(plan: Refusal): Problem {
  switch (plan.type) {
    case "method-missing":
      return {
        name: "payment-method-needed",
        detail: "Send paymentMethod: there is something to pay.",
        members: { totalMinor: plan.totalMinor },
      };
    case "placement-not-seen":
      return {
        name: "region-away",
        detail:
          "This cart was checked out elsewhere, and that order has not arrived here. Send it again later.",
        cause: plan,
      };
    default:
      throw new Error(`a checkout that was checked is refused: ${plan.type}`);
  }
}

interface Readings {
  readonly lines: readonly OrderLine[];
  readonly rights: SellingRights;
  readonly cells: ReadonlyMap<Sku, Cells>;
}

/** What decides whether the lines can be sold here. All reads at once: some are for nothing when a price has changed. */
async function readToSell(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  cartLines: readonly CartLine[],
): Promise<Result<Readings, Problem>> {
  const skus = cartLines.map(({ sku }) => sku);
  const [lines, rights, cells] = await Promise.all([
    priceLines(deps, cartLines, ask),
    deps.rights(),
    readAllCells(deps, skus),
  ]);
  if (!lines.ok) {
    return lines;
  }
  if (!rights.ok) {
    return err(readProblem(rights.error));
  }
  const selling = sellingOf(rights.value, deps.deployment.origin);
  if (selling !== "yes") {
    return err(notSellingProblem(selling));
  }
  return cells.ok
    ? ok({ lines: lines.value, rights: rights.value, cells: cells.value })
    : err(readProblem(cells.error));
}

/** A checkout that is about to be written. */
export interface Draft {
  readonly type: "draft";
  readonly placement: Placement;
  readonly allocation: Allocation;
  readonly writes: readonly TransactionWrite[];
}

/** The cart says that a checkout has begun here, and its order was not read: it may be in the midst of being written. */
export interface Begun {
  readonly type: "begun";
}

/** What has been read of the cart and its order. */
export interface Seen {
  readonly cart: CartReplicas;
  readonly order: OrderReplicas;
  readonly avoid: ReadonlySet<CellId>;
}

interface Found {
  readonly begin: Extract<BeginPlan, { type: "write" }>;
  readonly lines: readonly OrderLine[];
  readonly units: readonly Allocated[];
  readonly nowMs: number;
}

/** Everything that the one transaction writes: the order's items, the cells, the cart. */
function planWrites(
  { deployment }: CheckoutDeps,
  ask: CheckoutAsk,
  seen: Seen,
  { begin, lines, units, nowMs }: Found,
): Result<Draft, Problem> {
  const { operationId, requestDigest, currency, method, durability } = ask;
  const plan = planPlace(seen.order, deployment.origin, {
    operationId,
    requestDigest,
    currency,
    lines,
    units,
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
    key: cartKey(ask.cartId, deployment.origin),
    update: begin.update,
  } as const;
  const holds = units.map((taken) => holdWrite(taken, nowMs));
  return ok({ ...plan, type: "draft", writes: [...plan.writes, ...holds, cart] });
}

/** Decides, from all that was read, what the placing transaction writes. Nothing of the order is written by it. */
export async function draft(
  deps: CheckoutDeps,
  ask: CheckoutAsk,
  seen: Seen,
): Promise<Result<Draft | Begun, Problem>> {
  const nowMs = deps.clock.nowMs();
  const { cartId, generation } = ask;
  const begin = planBegin(seen.cart, deps.deployment.origin, { cartId, generation, nowMs });
  if (begin.type === "cart-empty") {
    return err({ name: "cart-empty", detail: "Add something, then check out." });
  }
  if (begin.type === "done-already") {
    return ok({ type: "begun" });
  }
  if (begin.type !== "write") {
    throw new Error(`a generation that was checked is refused: ${begin.type}`);
  }
  const read = await readToSell(deps, ask, begin.lines);
  if (!read.ok) {
    return read;
  }
  const { lines, rights, cells } = read.value;
  const wanted = { lines, operationId: ask.operationId, avoid: seen.avoid, seen: cells };
  const units = await findUnits(deps, rights, wanted);
  return units.ok ? planWrites(deps, ask, seen, { begin, lines, units: units.value, nowMs }) : units;
}
