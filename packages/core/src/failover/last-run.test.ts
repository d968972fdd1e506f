import { expect, test } from "vitest";
import { ap, eu, us } from "../votes/testing/vote-data.ts";
import { lastRun } from "./last-run.ts";
import type { FailoverRecord } from "./record.ts";

const record = (changed: Partial<FailoverRecord>): FailoverRecord => ({
  origin: us,
  kind: "failover",
  target: eu,
  counter: 1,
  touchedAtMs: 1_000,
  drainId: "operator 1",
  drained: [eu],
  order: "alternate-first",
  seenAtMs: 1_000,
  outcome: "completed",
  attempt: 1,
  holder: "run-1",
  leaseUntilMs: 0,
  retryAtMs: 0,
  steps: new Map(),
  covered: new Map(),
  rounds: new Map(),
  ...changed,
});

test("is the one that was touched last of those that have begun, whoever runs it", () => {
  const first = record({});
  const last = record({ origin: ap, kind: "recovery", touchedAtMs: 3_000 });
  const waiting = record({ kind: "recovery", touchedAtMs: 4_000, outcome: "waiting", attempt: 0 });
  const other = record({ target: ap, touchedAtMs: 5_000 });
  expect(lastRun([first, last, waiting, other], eu)).toBe(last);
  expect(lastRun([last, first], eu)).toBe(last);
  expect(lastRun([waiting], eu)).toBeUndefined();
});
