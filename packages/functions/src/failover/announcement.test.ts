import { type FailoverRecord, originOf } from "@antipode/core";
import { expect, test } from "vitest";
import { announcementOf } from "./announcement.ts";

const us = originOf({ name: "us-east-1", incarnation: 1 });
const eu = originOf({ name: "eu-west-1", incarnation: 1 });
const south = originOf({ name: "ap-south-1", incarnation: 1 });

const recordOf = (drainId: string): FailoverRecord => ({
  origin: south,
  kind: "failover",
  target: eu,
  counter: 1,
  touchedAtMs: 0,
  drainId,
  drained: [eu],
  order: "nearest-first",
  seenAtMs: 0,
  outcome: "running",
  attempt: 1,
  holder: "h",
  leaseUntilMs: 0,
  retryAtMs: 0,
  steps: new Map(),
  covered: new Map(),
  rounds: new Map(),
});

const textOf = (drainId: string) =>
  announcementOf("test", { configured: [us, eu, south] }, recordOf(drainId)).text;

test("a drain by votes ends by itself, and its cause is to be found", () => {
  const text = textOf("votes ap-south-1#1@1 us-east-1#1@1");
  expect(text).toContain("it comes back by itself once it is well.");
  expect(text).toContain("Find out what is wrong with it");
  expect(text).not.toContain("operator");
});

test.each(["operator 1", "operator 1 resumed 2"])("%s stands until it is restored", (drainId) => {
  const text = textOf(drainId);
  expect(text).toContain("it stays out until an operator restores it.");
  expect(text).toContain("What to do: nothing to keep the shop open. Whoever drained it restores it");
  expect(text).not.toMatch(/by itself|what is wrong/);
});
