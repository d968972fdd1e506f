import { isDeepStrictEqual } from "node:util";
import {
  type LogEntry,
  mergeOrderReplicas,
  nextStep,
  noOrderReplicas,
  type OrderId,
  type OrderReplicas,
  type OrderStep,
  ok,
  type PaymentSight,
  planPutOff,
  type Result,
} from "@antipode/core";
import { waitAfterContention, writeAll } from "../platform/write-all.ts";
import type { AdvancingDeps } from "./deps.ts";
import { failed, type StepFailure } from "./failure.ts";
import { performStep } from "./perform.ts";
import { readOrder } from "./read-order.ts";

/** How far an order has come. */
export interface Advanced {
  readonly replicas: OrderReplicas;
  /** What comes next and cannot be done now: a wait, or nothing. */
  readonly next: OrderStep;
  /** As the provider last answered this run. */
  readonly payment?: PaymentSight;
}

/** A checkout has some ten steps; a run that needs more meets others who write the same order, and may come again. */
const stepsMax = 40;

const contendedMax = 12;

function isOver(step: OrderStep): boolean {
  return step.type === "wait" || step.type === "nothing";
}

/** What a step came to at the provider, where it asked there. */
interface Asked {
  readonly step: OrderStep["type"];
  readonly payment: PaymentSight | undefined;
}

/** The provider was asked for the same once more, refused nothing, and the payment is as it was: it would be so for ever. */
function changedNothing(before: Asked | undefined, now: Asked): boolean {
  return now.payment !== undefined && isDeepStrictEqual(before, now);
}

/** The order with one more entry of a log: what was just written need not be read. */
function withEntry(replicas: OrderReplicas, entry: LogEntry): OrderReplicas {
  const logs = new Map([[entry.origin, new Map([[entry.number, entry]])]]);
  return mergeOrderReplicas(replicas, { ...noOrderReplicas(replicas.orderId), logs });
}

/**
 * Brings this region's placement of an order as far as it goes now. Whoever calls it, and however often, each step happens
 * once: a checkout right after placing, the stream when another region has said something, a webhook, and repair for
 * what a crash left.
 *
 * `known` is the order as somebody has just read or written it. An old sight is harmless: each write holds only at the log's
 * end, and when it is refused the order is read again.
 */
export async function advanceOrder(
  deps: AdvancingDeps,
  id: OrderId,
  known?: OrderReplicas,
): Promise<Result<Advanced, StepFailure>> {
  const me = deps.deployment.origin;
  let sight = known;
  let payment: PaymentSight | undefined;
  let refusedStep: OrderStep["type"] | undefined;
  let asked: Asked | undefined;
  let contended = 0;
  for (let steps = 0; steps < stepsMax; steps += 1) {
    const seen = sight === undefined ? await readOrder(deps, id) : ok(sight);
    if (!seen.ok) {
      return failed("read", seen.error);
    }
    const replicas = seen.value;
    const nowMs = deps.clock.nowMs();
    const step = nextStep({ replicas, me, nowMs, ...(payment === undefined ? {} : { payment }) });
    if (isOver(step)) {
      return ok({ replicas, next: step, ...(payment === undefined ? {} : { payment }) });
    }
    const performed = await performStep(deps, { replicas, me, nowMs }, step);
    if (!performed.ok) {
      return performed;
    }
    payment = performed.value.payment ?? payment;
    const { refused, appended, stale, closed } = performed.value;
    if (closed === true) {
      return ok({ replicas, next: { type: "nothing" }, ...(payment === undefined ? {} : { payment }) });
    }
    sight = stale === true ? undefined : appended === undefined ? replicas : withEntry(replicas, appended);
    if (refused !== undefined && refusedStep === step.type) {
      return failed(step.type, refused); // asked for again though the payment was read: a third time would be no better
    }
    refusedStep = refused === undefined ? refusedStep : step.type;
    const now: Asked = { step: step.type, payment: performed.value.payment };
    if (changedNothing(asked, now)) {
      return failed(step.type, "the payment stays as it is");
    }
    asked = now;
    if (performed.value.stuck === true) {
      return ok({ replicas, next: { type: "wait", for: "winner" } });
    }
    if (performed.value.contended === true) {
      contended += 1;
      if (contended > contendedMax) {
        return failed(step.type, "others kept writing the same items");
      }
      await waitAfterContention(deps, contended);
    }
  }
  return failed("advance", `not done after ${stepsMax} steps`);
}

/** Says in the log that an order stays as it is for now: repair goes on with it. */
export function logNotAdvanced(
  { log }: Pick<AdvancingDeps, "log">,
  orderId: OrderId,
  failure: StepFailure,
): void {
  log.error("order not brought forward", { orderId, ...failure });
}

/** Repair looks at an order again later. Nothing is written for one that is closed. */
export async function putOff(
  deps: AdvancingDeps,
  { replicas, next }: Advanced,
): Promise<Result<undefined, StepFailure>> {
  const me = deps.deployment.origin;
  if (replicas.allocations.get(me)?.dueAtMs === undefined) {
    return ok(undefined);
  }
  const untilMs = next.type === "wait" ? next.untilMs : undefined;
  const { writes } = planPutOff({ replicas, me, nowMs: deps.clock.nowMs() }, untilMs);
  const written = await writeAll(deps.items, writes);
  return written.ok ? ok(undefined) : failed("put-off", written.error);
}
