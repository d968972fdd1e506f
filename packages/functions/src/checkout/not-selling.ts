import type { Problem } from "../api/problems.ts";
import type { Selling } from "../control/selling-rights.ts";

/** Heartbeats are a minute apart (infra/schedules.ts): until the next one is echoed nothing changes. */
const heartbeatEverySeconds = 60;

/** What a checkout is told where the region may not sell. */
export function notSellingProblem(selling: Exclude<Selling, "yes" | "unknown">): Problem {
  return {
    name: "not-selling",
    detail: {
      fenced:
        "This region was given up, and sells no more. Check out in another, with the same Idempotency-Key.",
      "no-lease":
        "No majority of regions has heard this one lately. Check out in another, with the same Idempotency-Key.",
    }[selling],
    members: { selling },
    retryAfterSeconds: selling === "fenced" ? "never" : heartbeatEverySeconds,
  };
}
