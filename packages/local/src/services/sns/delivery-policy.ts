import type { Random } from "../../links/random.ts";

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html, for functions and queues. */
const immediate = 3;
const preBackoff = 2;
const backoff = 10;
const postBackoff = 100_000;

const preBackoffMs = 1_000;
const backoffMinMs = 1_000;
const backoffMaxMs = 20_000;

/** The documents say that there is jitter, and not how much. */
const jitterShare = 0.1;

/** How long SNS waits before a retry, the first being 1; nothing after the last one, some 23 days on. */
export function retryDelayMs(retry: number, random: Random): number | undefined {
  if (retry > immediate + preBackoff + backoff + postBackoff) return undefined;
  if (retry <= immediate) return 0;
  const jitter = 1 + jitterShare * random();
  if (retry <= immediate + preBackoff) return preBackoffMs * jitter;
  const step = retry - immediate - preBackoff - 1;
  const growth = (backoffMaxMs / backoffMinMs) ** (Math.min(step, backoff - 1) / (backoff - 1));
  return backoffMinMs * growth * jitter;
}
