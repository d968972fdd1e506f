import { shouldEndByMs } from "@antipode/core";
import { type Advanced, advanceOrder, logNotAdvanced, putOff } from "../orders/advance.ts";
import type { AdvancingDeps } from "../orders/deps.ts";
import { failed } from "../orders/failure.ts";
import type { Due } from "./read-due.ts";

/** Well beyond what a provider's hiccup or a cut link takes; an operator should look. */
const overdueMs = 10 * 60_000;

/** What became of one order that was due. */
export interface Repaired {
  readonly done: boolean;
  readonly overdue: boolean;
}

/**
 * Whether nobody brought it forward for ten minutes: `dueAt` stays where it is while runs fail or have no time. A run that
 * goes well puts it off, also where the order only waits.
 */
export function isLeftLying({ clock }: AdvancingDeps, { dueAtMs }: Due): boolean {
  return clock.nowMs() - dueAtMs > overdueMs;
}

/** By the order's own time: one that waits for its shopper is over when its hold is, whatever it waits for besides. */
function waitsTooLong({ deployment, clock }: AdvancingDeps, { replicas, next }: Advanced): boolean {
  const endMs = shouldEndByMs(replicas, deployment.origin);
  return next.type === "wait" && endMs !== undefined && clock.nowMs() - endMs > overdueMs;
}

/** A bug of this order alone: it is logged as its failure, and the others go on. */
function bugOf(error: unknown) {
  return failed("advance", error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** Brings an order as far as it goes now, and says in the log when that ought to have been its end. */
export async function repairOne(deps: AdvancingDeps, due: Due): Promise<Repaired> {
  const { id } = due;
  const advanced = await advanceOrder(deps, id).catch(bugOf);
  const done = advanced.ok ? await putOff(deps, advanced.value) : advanced;
  if (!done.ok) {
    logNotAdvanced(deps, id, done.error);
  }
  const overdue = (advanced.ok && waitsTooLong(deps, advanced.value)) || (!done.ok && isLeftLying(deps, due));
  if (overdue) {
    const next = advanced.ok ? advanced.value.next : undefined;
    deps.log.warn("order is overdue", {
      orderId: id,
      ...(next?.type === "wait" ? { waitsFor: next.for } : {}),
    });
  }
  return { done: done.ok, overdue };
}
