import { cartKey } from "../cart/cart-item.ts";
import { planFailed, planOrdered } from "../cart/generation.ts";
import type { OrderId } from "../ids/order-id.ts";
import {
  type OwnPlacement,
  planAllocationChange,
  planClose,
  planPutOff,
  planRecord,
} from "../order/allocation-change.ts";
import { appendFact } from "../order/append.ts";
import { nextStep } from "../order/next-step.ts";
import type { OrderStep, PaymentSight } from "../order/steps.ts";
import type { TransactionWrite } from "../ports/items.ts";
import type { Payment, PaymentError } from "../ports/payments.ts";
import type { Result } from "../result/result.ts";
import type { Allocated } from "../stock/allocated.ts";
import type { ModelProvider } from "./order-payments.ts";
import type { OrderRegion, OrderRegions } from "./order-regions.ts";

/** What an executor works with. */
export interface ExecutorWorld {
  readonly regions: OrderRegions;
  readonly provider: ModelProvider;
  nowMs: number;
  /** Every step that was carried out, for the tests' own questions. */
  readonly steps: string[];
  /** Transactions that another instance, or an own one whose answer was lost, had been before. */
  refusals: number;
}

/** A step that an instance has made up its mind to do, and what it had seen when it did. */
export interface Intended {
  readonly step: OrderStep;
  readonly own: OwnPlacement;
  readonly region: OrderRegion;
  readonly orderId: OrderId;
}

export function intendStep(
  world: ExecutorWorld,
  region: OrderRegion,
  orderId: OrderId,
  payment?: PaymentSight,
): Intended {
  const nowMs = world.nowMs + region.skewMs;
  const own = { replicas: world.regions.order(region, orderId), me: region.origin, nowMs };
  const step = nextStep({ ...own, ...(payment === undefined ? {} : { payment }) });
  return { step, own, region, orderId };
}

/** What the transaction that moves an allocation does to its cells, which count how often. */
export function cellWrites(units: readonly Allocated[], move: "holds" | "commits" | "releases") {
  return units.map(({ sku, cell, units: count }): TransactionWrite => {
    const moved = {
      holds: { held: count },
      commits: { held: -count, sold: count },
      releases: { held: -count },
    }[move];
    return {
      type: "update",
      table: "Stock",
      key: { pk: `SKU#${sku}`, sk: `CELL#${cell}` },
      update: { add: { v: 1, [move]: 1, ...moved }, onlyIf: [] },
    };
  });
}

/**
 * The answer of a call, as the next question carries it: who is refused looks how the payment is, and who is refused a claim
 * has not heard who has won.
 */
async function sightOf(
  world: ExecutorWorld,
  { step, region }: Intended,
  paymentId: string,
  answer: Result<Payment, PaymentError>,
): Promise<PaymentSight> {
  if (!answer.ok && answer.error.type === "refused" && step.type !== "claim") {
    const read = await world.provider.from(region.origin).read(paymentId);
    return read.ok ? read.value : "out-of-reach";
  }
  return answer.ok ? answer.value : "out-of-reach";
}

async function callProvider(world: ExecutorWorld, intended: Intended): Promise<PaymentSight | undefined> {
  const { step, region } = intended;
  const payments = world.provider.from(region.origin, world.nowMs);
  switch (step.type) {
    case "claim":
      return sightOf(world, intended, `pay_${step.claim.orderId}`, await payments.claim(step.claim));
    case "read-payment":
      return sightOf(world, intended, step.paymentId, await payments.read(step.paymentId));
    case "authorize":
    case "capture":
    case "refund": {
      const answer =
        step.type === "authorize" ? payments.authorize(step.attempt) : payments[step.type](step.attempt);
      return sightOf(world, intended, step.attempt.paymentId, await answer);
    }
    case "cancel-payment":
      return sightOf(world, intended, step.attempt.paymentId, await payments.cancel(step.attempt));
    default:
      return undefined;
  }
}

/** The cart's part and the record, in one transaction; nothing while the cart lacks what it needs. */
function cartWrites(world: ExecutorWorld, { step, own, region }: Intended): readonly TransactionWrite[] {
  if (step.type !== "end-cart") {
    return [];
  }
  const replicas = world.regions.cart(region);
  const change = { cartId: step.cart, generation: step.generation, nowMs: own.nowMs };
  const plan =
    step.outcome === "ordered"
      ? planOrdered(replicas, region.origin, { ...change, winner: step.winner })
      : planFailed(replicas, region.origin, change);
  const { write } = appendFact(own.replicas, own.me, step.fact, own.nowMs);
  switch (plan.type) {
    case "write": {
      const key = cartKey(step.cart, region.origin);
      return [{ type: "update", table: "Carts", key, update: plan.update }, write];
    }
    case "done-already":
      return [write];
    default:
      return [];
  }
}

function writesOf(world: ExecutorWorld, intended: Intended): readonly TransactionWrite[] {
  const { step, own } = intended;
  switch (step.type) {
    case "record":
    case "decide":
      return planRecord(own, step.fact).writes;
    case "commit":
      return [
        ...planAllocationChange(own, step.fact).writes,
        ...cellWrites(step.allocation.units, "commits"),
      ];
    case "release":
      return [
        ...planAllocationChange(own, step.fact).writes,
        ...cellWrites(step.allocation.units, "releases"),
      ];
    case "end-cart":
      return cartWrites(world, intended);
    case "close":
      return planClose(own).writes;
    case "wait":
      return planPutOff(own, step.untilMs).writes;
    default:
      return [];
  }
}

export interface Performed {
  readonly payment?: PaymentSight;
  /** There is nothing more to do for now. */
  readonly rests: boolean;
}

/** Does one step, however old the intention is. What is refused is decided anew from what stands by then. */
export async function performStep(world: ExecutorWorld, intended: Intended): Promise<Performed> {
  const { step, region } = intended;
  world.steps.push(step.type === "release" ? `release:${step.reason}` : step.type);
  if (step.type === "nothing") {
    return { rests: true };
  }
  const writes = writesOf(world, intended);
  if (writes.length > 0) {
    const outcome = await region.items.transact(writes);
    world.refusals += outcome.ok && outcome.value.type === "refused" ? 1 : 0;
    return { rests: step.type === "wait" };
  }
  if (step.type === "end-cart") {
    return { rests: true }; // the cart waits for the winner's item
  }
  const payment = await callProvider(world, intended);
  return { rests: false, ...(payment === undefined ? {} : { payment }) };
}

/** What happens in the region between an instance's reading and its doing, at its step of that number. */
export interface Meanwhile {
  readonly atStep: number;
  happens(): Promise<void>;
}

/** One run of an instance: it crashes after so many steps, or rests before. The answer says whether it rests. */
export async function runOrder(
  world: ExecutorWorld,
  region: OrderRegion,
  orderId: OrderId,
  stepsMax: number,
  meanwhile?: Meanwhile,
): Promise<boolean> {
  let payment: PaymentSight | undefined;
  for (let done = 0; done < stepsMax; done += 1) {
    const intended = intendStep(world, region, orderId, payment);
    if (done === meanwhile?.atStep) {
      await meanwhile.happens();
    }
    const performed = await performStep(world, intended);
    if (performed.rests) {
      return true;
    }
    payment = performed.payment ?? payment;
  }
  return false;
}
