import type { SentRequest } from "./history.ts";
import type { Resolver } from "./resolver.ts";
import type { WorldTime } from "./world-time.ts";

/** ms of the world between two sendings of one operation. */
const retryEveryMs = 1_000;
/** ms of the world after which a person gives up. */
const patienceMs = 120_000;
/** ms of the world by which a retry comes after the answer that it waits for has run out. */
const slackMs = 20;

/** Sends to a region, and says what came of it. */
export type Send<T> = (region: string) => Promise<{ readonly end: SentRequest["end"]; readonly value: T }>;

/** A client that goes where the shop's name leads it, and knows no other address. */
export interface NameClient {
  /** Sends until there is an answer. Nothing when none came before the client lost patience, or was stopped. */
  send<T>(send: Send<T>): Promise<T | undefined>;
}

export interface NameClientOptions {
  readonly shopper: string;
  readonly near: string;
  readonly resolver: Resolver;
  readonly time: WorldTime;
  readonly record: (request: SentRequest) => void;
  readonly isStopped: () => boolean;
}

export function createNameClient(options: NameClientOptions): NameClient {
  const { shopper, near, resolver, time, record, isStopped } = options;
  return {
    async send(send) {
      const begunMs = time.now();
      while (true) {
        const to = await resolver.region();
        const sentMs = time.now();
        if (to !== undefined) {
          const { end, value } = await send(to);
          record({ shopper, near, to, sentMs, endedMs: time.now(), end });
          if (end !== "failed") return value;
        }
        if (isStopped() || time.now() - begunMs > patienceMs) return undefined;
        const keptMs = resolver.keptMs();
        await time.sleep(keptMs > 0 && keptMs < retryEveryMs ? keptMs + slackMs : retryEveryMs);
      }
    },
  };
}
