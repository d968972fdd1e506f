import { expect, test } from "vitest";
import { eu, nowMs, us } from "../votes/testing/vote-data.ts";
import type { FailoverRecord } from "./record.ts";
import { failoverToItem, itemToFailover } from "./record-item.ts";

const record: FailoverRecord = {
  origin: us,
  kind: "failover",
  target: eu,
  counter: 4,
  touchedAtMs: nowMs,
  drainId: "votes us-east-1#1@9999",
  drained: [eu],
  order: "alternate-first",
  seenAtMs: nowMs - 10,
  outcome: "running",
  attempt: 1,
  holder: "run-1",
  leaseUntilMs: nowMs + 10,
  retryAtMs: 0,
  steps: new Map([
    ["vote", { state: "done", attempt: 1, atMs: nowMs, note: "all three" }],
    ["names", { state: "done", attempt: 1, atMs: nowMs, note: "changed", ref: "C123" }],
  ]),
  covered: new Map([[us, 3]]),
  rounds: new Map([[eu, 17]]),
};

test.each(["failover", "recovery"] as const)("a record of a %s is read as it was written", (kind) => {
  expect(itemToFailover(failoverToItem({ ...record, kind }))).toEqual({
    ok: true,
    value: { ...record, kind },
  });
});

test.each<[string, object]>([
  ["sk", { sk: "FAILOVERS#eu-west-1" }],
  ["rules", { rules: 2 }],
  ["v", { v: 0 }],
  ["outcome", { outcome: "won" }],
  ["drain", { drain: "" }],
  ["drained", { drained: ["eu-west-1"] }],
  ["order", { order: "farthest-first" }],
  ["holder", { holder: 3 }],
  ["lease", { lease: -1 }],
  ["s#names", { "s#names": { state: "done", attempt: 1, at: 1, note: "" } }],
  ["s#dance", { "s#dance": { state: "done", attempt: 1, at: 1, note: "x" } }],
  ["c#eu", { "c#eu": 1 }],
  ["r#eu", { "r#eu": 1 }],
  [`r#${eu}`, { [`r#${eu}`]: "1" }],
  ["more", { more: 1 }],
])("what is wrong with %s is said", (attribute, changed) => {
  const read = itemToFailover({ ...failoverToItem(record), ...changed });
  expect(read).toMatchObject({ ok: false, error: { attribute } });
});

test("remarks change nothing", () => {
  expect(itemToFailover({ ...failoverToItem(record), "x-more": 1 }).ok).toBe(true);
});
