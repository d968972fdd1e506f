import { type Problem, storageProblem } from "../api/problems.ts";

/** What this region itself has written of an order, and does not read. No other writer brings that about: it is no contention. */
export function notReadProblem(reason: string): Problem {
  return storageProblem({ type: "unavailable", operation: "Query Orders", reason });
}
