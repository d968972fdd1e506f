import type { Faults } from "../provider/faults.ts";
import type { SandboxTime } from "../time.ts";
import { deliveriesOf, type WebhookAddress } from "./addresses.ts";
import { signatureOf } from "./sign.ts";

/** The first wait, doubled from try to try; the provider's own go on for three days. */
const retryFirstMs = 250;
const triesMax = 10;
const answerWithinMs = 10_000;

export interface WebhookOptions {
  readonly secret: string;
  readonly faults: Faults;
  readonly time: Pick<SandboxTime, "nowMs" | "after">;
  readonly fetch: typeof globalThis.fetch;
}

/** What became of the deliveries so far, for judges. */
export interface WebhookCounts {
  readonly delivered: number;
  readonly failedTries: number;
  readonly givenUp: number;
  readonly waiting: number;
}

export interface Webhooks {
  sendTo(addresses: readonly WebhookAddress[]): void;
  send(body: string): void;
  counts(): WebhookCounts;
  /** No more tries. */
  close(): void;
}

export function createWebhooks({ secret, faults, time, fetch }: WebhookOptions): Webhooks {
  let addresses: readonly WebhookAddress[] = [];
  let turn = 0;
  const cancels = new Set<() => void>();
  const closing = new AbortController();
  const counts = { delivered: 0, failedTries: 0, givenUp: 0, waiting: 0 };

  function later(waitMs: number, run: () => void): void {
    const cancel = time.after(waitMs, () => {
      cancels.delete(cancel);
      run();
    });
    cancels.add(cancel);
  }

  /** Signed anew for each try, as the provider does: a late one is not an old one. */
  async function isTaken(url: string, body: string): Promise<boolean> {
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "stripe-signature": signatureOf(body, secret, time.nowMs()),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(answerWithinMs)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false; // out of reach, or too slow: tried again
    }
  }

  async function deliver(url: string, body: string, tries: number): Promise<void> {
    if (await isTaken(url, body)) {
      counts.delivered += 1;
      counts.waiting -= 1;
      return;
    }
    counts.failedTries += 1;
    if (tries + 1 === triesMax || closing.signal.aborted) {
      counts.givenUp += 1;
      counts.waiting -= 1;
      return;
    }
    later(retryFirstMs * 2 ** tries, () => void deliver(url, body, tries + 1));
  }

  return {
    sendTo(next) {
      addresses = next;
    },
    send(body) {
      const deliveries = deliveriesOf(addresses, faults.ofWebhook(), turn);
      turn += 1;
      for (const { url, waitMs } of deliveries) {
        counts.waiting += 1;
        later(waitMs, () => void deliver(url, body, 0));
      }
    },
    counts: () => ({ ...counts }),
    close() {
      closing.abort();
      for (const cancel of cancels) {
        cancel();
      }
      cancels.clear();
    },
  };
}
