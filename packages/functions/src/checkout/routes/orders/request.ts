import {
  err,
  logOf,
  mergeOrderReplicas,
  type Order,
  type OrderId,
  type OrderReplicas,
  type OrderRequest,
  ok,
  ownerOf,
  planRequest,
  type Result,
  requestVerdict,
  viewOrder,
} from "@antipode/core";
import type { ConsistencyWish } from "../../../api/consistency.ts";
import type { Outcome } from "../../../api/exchange.ts";
import { contendedProblem, type Problem, readProblem } from "../../../api/problems.ts";
import { advanceOrder, logNotAdvanced } from "../../../orders/advance.ts";
import { orderAnswer } from "../../../orders/order-answer.ts";
import { readOrder } from "../../../orders/read-order.ts";
import { writeAll } from "../../../platform/write-all.ts";
import type { CheckoutDeps } from "../../deps.ts";
import { orderNotFound } from "./open-order.ts";
import { seeOrder } from "./see-order.ts";

/** Two devices and the owner's own steps write one log at a moment, hardly more. */
const triesMax = 5;

function tooLate({ state }: Order): Problem {
  return {
    name: "order-state",
    detail: `The order is ${state}.`,
    members: { state },
  };
}

/** Whether it can ever be done, by what this region has seen. What is too early waits for what has to come before it. */
function refusalOf(order: Order, request: OrderRequest): Problem | undefined {
  const verdict = requestVerdict(order.state, request.type);
  return order.owner !== undefined && verdict.type === "reject" && verdict.reason === "too-late"
    ? tooLate(order)
    : undefined;
}

/** Whether the owner has said no to this very request: one that was taken first may have ruled it out. */
function wasRejected(replicas: OrderReplicas, { operationId }: OrderRequest): boolean {
  const owner = ownerOf(replicas);
  return (
    owner !== undefined &&
    logOf(replicas, owner).some(({ event }) => event.type === "rejected" && event.request === operationId)
  );
}

/** Puts the request at the end of this region's log; the owner's log will answer it. */
async function take(
  deps: CheckoutDeps,
  seen: OrderReplicas,
  request: OrderRequest,
): Promise<Result<undefined, Problem>> {
  let replicas = seen;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const sight = viewOrder(replicas);
    if (sight.type !== "order") {
      return err(orderNotFound);
    }
    const plan = planRequest(replicas, deps.deployment.origin, { request, nowMs: deps.clock.nowMs() });
    switch (plan.type) {
      case "done-already":
        return ok(undefined);
      case "operation-id-reused":
        return err({
          name: "operation-id-reused",
          detail: "This Idempotency-Key was used for something else of this order. Use a new one.",
        });
      case "order-not-seen":
        return err(orderNotFound);
      case "too-many-requests":
        return err({
          name: "order-state",
          detail: `One region takes ${plan.limit} requests of an order.`,
          members: { limit: plan.limit },
        });
      case "write":
        break;
    }
    const refusal = refusalOf(sight.order, request);
    if (refusal !== undefined) {
      return err(refusal);
    }
    const written = await writeAll(deps.items, [plan.write]);
    if (!written.ok) {
      return err(readProblem(written.error));
    }
    if (written.value === "written") {
      return ok(undefined);
    }
    const again = await readOrder(deps, seen.orderId);
    if (!again.ok) {
      return err(readProblem(again.error));
    }
    replicas = mergeOrderReplicas(replicas, again.value);
  }
  return err(contendedProblem());
}

/** Takes a request in any region. Where the order's owner is, it is decided at once; elsewhere its region decides on hearing. */
export async function handleRequest(
  deps: CheckoutDeps,
  id: OrderId,
  request: OrderRequest,
  wish: ConsistencyWish | undefined,
): Promise<Outcome> {
  const seen = await seeOrder(deps, id, wish);
  if (!seen.ok) {
    return seen;
  }
  const taken = await take(deps, seen.value.replicas, request);
  if (!taken.ok) {
    return taken;
  }
  const advanced = await advanceOrder(deps, id);
  if (!advanced.ok) {
    logNotAdvanced(deps, id, advanced.error);
  }
  const now = advanced.ok ? ok(advanced.value.replicas) : await readOrder(deps, id);
  if (!now.ok) {
    return err(readProblem(now.error));
  }
  const replicas = mergeOrderReplicas(seen.value.replicas, now.value);
  const sight = viewOrder(replicas);
  if (sight.type !== "order") {
    return err(orderNotFound);
  }
  const refused = wasRejected(replicas, request) ? refusalOf(sight.order, request) : undefined;
  if (refused !== undefined) {
    return err(refused);
  }
  const waits = sight.order.pending.some(({ operationId }) => operationId === request.operationId);
  return ok(orderAnswer(sight.order, waits ? 202 : 200, seen.value.headers));
}
