import { err, type PaymentError, type Payments, type RemoteRead, type Result } from "@antipode/core";
import type { Peers } from "../peer/peers.ts";
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

function remoteInTime(remote: RemoteRead, leftMs: LeftMs): RemoteRead {
  const reading = async <T>(operation: string, read: () => Promise<T>) =>
    leftMs() < peerReadWithinMs ? err({ type: "unavailable" as const, operation, reason: noTime }) : read();
  return {
    get: (region, table, key) => reading(`GetItem ${table}`, () => remote.get(region, table, key)),
    queryPartition: (region, table, pk) =>
      reading(`Query ${table}`, () => remote.queryPartition(region, table, pk)),
  };
}

function peersInTime(peers: Peers, leftMs: LeftMs): Peers {
  return {
    async ask(region, request, timeoutMs) {
      const withinMs = Math.min(timeoutMs, leftMs());
      return withinMs < askMinMs
        ? err({ type: "peer-away", region, reason: noTime })
        : peers.ask(region, request, withinMs);
    },
  };
}

/** Whoever is cut off asks for the same again: the next request of the same key, a webhook, or repair. */
function paymentsInTime(payments: Payments, leftMs: LeftMs, timer: CheckoutDeps["timer"]): Payments {
  async function waiting<T>(
    operation: string,
    ask: () => Promise<Result<T, PaymentError>>,
  ): Promise<Result<T, PaymentError>> {
    const late = err({ type: "unavailable" as const, operation, reason: noTime });
    const withinMs = leftMs();
    return withinMs <= 0 ? late : Promise.race([ask(), timer(withinMs).then(() => late)]);
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

/**
 * The world as one request may wait for it that began then: a wait ends with its own bound or with the request's, whichever is
 * sooner. What is not waited for is as good as away, which every step is made for.
 */
export function inTime(deps: CheckoutDeps, begunMs: number): CheckoutDeps {
  const leftOf = (withinMs: number) => () => begunMs + withinMs - deps.clock.nowMs();
  return {
    ...deps,
    remote: remoteInTime(deps.remote, leftOf(peersWithinMs)),
    peers: peersInTime(deps.peers, leftOf(peersWithinMs)),
    payments: paymentsInTime(deps.payments, leftOf(waitsWithinMs), deps.timer),
  };
}
