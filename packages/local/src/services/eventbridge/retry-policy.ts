import type { Random } from "../../links/random.ts";

/** What a target has that says nothing else: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const retriesMaxOfAll = 185;
export const ageMaxOfAllMs = 86_400_000;

/**
 * EventBridge waits exponentially longer, with jitter, and does not say how long: these make its 185 retries last
 * some 23 of their 24 hours.
 */
const firstMs = 1_000;
const longestMs = 600_000;

/** How long to wait before a retry, the first being 1. */
export function backoffMs(retry: number, random: Random): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** (retry - 1));
  return fullMs * (0.5 + 0.5 * random());
}
