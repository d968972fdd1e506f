import {
  err,
  explainFenceRefusal,
  type Fence,
  type FenceStep,
  fencesKey,
  type Origin,
  ok,
  planFence,
  type Result,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { type ControlError, readControl } from "./read-control.ts";

export type FenceFailure = ControlError | { readonly type: "refused"; readonly reason: string };

/** A refused write whose fence has this step's time was its own, and the first answer was lost. */
function logFence(
  { log }: Pick<SellingDeps, "log">,
  { lost, reclaimer, nowMs }: FenceStep,
  plan: ReturnType<typeof explainFenceRefusal>,
): void {
  const isOwn = plan?.ok === true && plan.value.type === "done-already";
  if (isOwn && plan.value.fence.fencedAtMs === nowMs) {
    log.warn("region fenced, for good", { lost, reclaimer });
  }
}

/**
 * Gives another region up, on the own item, once. The fence that stands is answered, also when it is for another reclaimer:
 * who asked sees that and goes no further.
 */
export async function fence(
  deps: Pick<SellingDeps, "items" | "deployment" | "clock" | "log">,
  { lost, reclaimer }: { readonly lost: Origin; readonly reclaimer: Origin },
): Promise<Result<Fence, FenceFailure>> {
  const me = deps.deployment.origin;
  const step = { me, lost, reclaimer, nowMs: deps.clock.nowMs() };
  const own = await readControl(deps, [me]);
  if (!own.ok) {
    return own;
  }
  let plan: ReturnType<typeof planFence> | undefined = planFence(own.value[0]?.fences, step);
  if (plan.ok && plan.value.type === "write") {
    const outcome = await deps.items.update("Control", fencesKey(me), plan.value.update);
    if (!outcome.ok) {
      return outcome;
    }
    plan =
      outcome.value.type === "written"
        ? ok({ type: "done-already", fence: { reclaimer, fencedAtMs: step.nowMs } })
        : explainFenceRefusal(outcome.value.item, step);
    logFence(deps, step, plan);
  }
  if (plan?.ok === true && plan.value.type === "done-already") {
    return ok(plan.value.fence);
  }
  if (plan?.ok === false && plan.error.type === "fenced-for-another") {
    return ok(plan.error.fence);
  }
  return err({
    type: "refused",
    reason: plan?.ok === false ? plan.error.type : "the fence is not understood",
  });
}
