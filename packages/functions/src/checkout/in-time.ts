import {
  err,
  type PaymentError,
  type Payments,
  type RemoteRead,
  type Result,
  type StorageError,
} from "@antipode/core";
import { type Problem, type ProblemName, storageProblem } from "../api/problems.ts";
import type { PeerAway, Peers } from "../peer/peers.ts";
import { peerReadWithinMs } from "../platform/peer-limits.ts";
import type { CheckoutDeps } from "./deps.ts";

/**
 * ms after a request's beginning within which it waits for other regions, and for the payment provider too. Each wait has a bound
 * of its own; one after the other they would outlast the function's 15 s (infra/checkout.ts), and API Gateway's answer to
 * that is a 500, which counts as this region's failure and tells the shopper nothing. What peers leave is enough for a charge as a rule; what both
 * leave is for the own tables.
 */
export const peersWithinMs = 8_000;
export const waitsWithinMs = 12_000;

/** ms; a question with less would hardly be back. */
export const askMinMs = 500;

type LeftMs = () => number;

const noTime = "this request has no time left for it";

/** What of a request's time went into waits for others, several at once counted once, and whether one was given up for it. */
function createWaits({ clock }: CheckoutDeps, begunMs: number) {
  let open = 0;
  let sinceMs = 0;
  let pastMs = 0;
  let ownDelay = false;

  return {
    async during<T>(wait: () => Promise<T>): Promise<T> {
      sinceMs = open === 0 ? clock.nowMs() : sinceMs;
      open += 1;
      try {
        return await wait();
      } finally {
        open -= 1;
        pastMs += open === 0 ? clock.nowMs() - sinceMs : 0;
      }
    },
    /** A peer had too little time to answer. Where more of the time was the region's own, so is the fault. */
    giveUp(): void {
      const nowMs = clock.nowMs();
      const waitedMs = pastMs + (open === 0 ? 0 : nowMs - sinceMs);
      ownDelay ||= nowMs - begunMs - waitedMs > waitedMs;
    },
    isOwnDelay: () => ownDelay,
  };
}

type Waits = ReturnType<typeof createWaits>;

function remoteInTime(remote: RemoteRead, waits: Waits, leftMs: LeftMs): RemoteRead {
  async function reading<T>(operation: string, read: () => Promise<Result<T, StorageError>>) {
    if (leftMs() >= peerReadWithinMs) {
      return waits.during(read);
    }
    waits.giveUp();
    return err({ type: "unavailable" as const, operation, reason: noTime });
  }
  return {
    get: (region, table, key) => reading(`GetItem ${table}`, () => remote.get(region, table, key)),
    queryPartition: (region, table, pk) =>
      reading(`Query ${table}`, () => remote.queryPartition(region, table, pk)),
  };
}

const isSilent = (answer: Result<unknown, PeerAway>) =>
  !answer.ok && answer.error.reached !== true && answer.error.leftAlone !== true;

function peersInTime(peers: Peers, waits: Waits, leftMs: LeftMs): Peers {
  return {
    async ask(region, request, timeoutMs) {
      const withinMs = Math.min(timeoutMs, leftMs());
      if (withinMs < askMinMs) {
        waits.giveUp();
        return err({ type: "peer-away", region, reason: noTime });
      }
      const answer = await waits.during(() => peers.ask(region, request, withinMs));
      if (withinMs < timeoutMs && isSilent(answer)) {
        waits.giveUp();
      }
      return answer;
    },
  };
}

/** Whoever is cut off asks for the same again: the next request of the same key, a webhook, or repair. */
function paymentsInTime(
  payments: Payments,
  waits: Waits,
  leftMs: LeftMs,
  timer: CheckoutDeps["timer"],
): Payments {
  async function waiting<T>(
    operation: string,
    ask: () => Promise<Result<T, PaymentError>>,
  ): Promise<Result<T, PaymentError>> {
    const late = err({ type: "unavailable" as const, operation, reason: noTime });
    const withinMs = leftMs();
    return withinMs <= 0 ? late : waits.during(() => Promise.race([ask(), timer(withinMs).then(() => late)]));
  }
  return {
    claim: (claim) => waiting("claim", () => payments.claim(claim)),
    read: (paymentId) => waiting("read", () => payments.read(paymentId)),
    authorize: (attempt) => waiting("authorize", () => payments.authorize(attempt)),
    capture: (attempt) => waiting("capture", () => payments.capture(attempt)),
    cancel: (attempt) => waiting("cancel", () => payments.cancel(attempt)),
    refund: (attempt) => waiting("refund", () => payments.refund(attempt)),
    list: (query) => waiting("list", () => payments.list(query)),
  };
}

/** Refusals that are about other regions: what they have, or that they do not answer. */
const aboutOthers: ReadonlySet<ProblemName> = new Set([
  "region-away",
  "not-covered",
  "cart-not-covered",
  "stock-short",
]);

function ownDelayProblem({ name, cause }: Problem): Problem {
  const operation = "asking other regions";
  const reason = "this region used up the time for them itself";
  const unavailable = storageProblem({ type: "unavailable", operation, reason });
  return { ...unavailable, cause: { operation, reason, insteadOf: name, cause } };
}

/**
 * Does what a request that began then asks for, in the world as it may wait for it: a wait ends with its own bound or with the
 * request's, whichever is sooner. What is not waited for is as good as away, which every step is made for. But no refusal says of
 * others what this region was too slow to hear from them: that is its own failure.
 */
export async function inTime<T>(
  deps: CheckoutDeps,
  begunMs: number,
  work: (timed: CheckoutDeps) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const leftOf = (withinMs: number) => () => begunMs + withinMs - deps.clock.nowMs();
  const waits = createWaits(deps, begunMs);
  const outcome = await work({
    ...deps,
    remote: remoteInTime(deps.remote, waits, leftOf(peersWithinMs)),
    peers: peersInTime(deps.peers, waits, leftOf(peersWithinMs)),
    payments: paymentsInTime(deps.payments, waits, leftOf(waitsWithinMs), deps.timer),
  });
  return !outcome.ok && waits.isOwnDelay() && aboutOthers.has(outcome.error.name)
    ? err(ownDelayProblem(outcome.error))
    : outcome;
}
