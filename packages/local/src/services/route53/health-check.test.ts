import { describe, expect, it } from "vitest";
import {
  afterResult,
  type CheckerState,
  type HealthCheck,
  isCheckHealthy,
  isEndpointHealthy,
  newChecker,
} from "./health-check.ts";
import type { HealthCheckId } from "./record-set.ts";
import { checkId } from "./testing/record-sets.ts";

const states = (results: string, threshold: number) => {
  let state = newChecker;
  return [...results]
    .map((result) => {
      state = afterResult(state, result === "+", threshold);
      return state.healthy ? "+" : "-";
    })
    .join("");
};

describe("a checker", () => {
  it.each([
    ["---", 3, "++-"],
    ["--+---", 3, "+++++-"], // a success starts the count anew
    ["---+++", 3, "++---+"],
    ["---++-+++", 3, "++------+"],
    ["-", 1, "-"],
  ])("that sees %s with threshold %d says %s", (results, threshold, said) => {
    expect(states(results, threshold)).toBe(said);
  });
});

describe("an endpoint", () => {
  it.each([
    [8, 8, true],
    [8, 2, true],
    [8, 1, false], // 12.5 % is not more than 18 %
    [8, 0, false],
    [3, 1, true],
    [0, 0, true],
  ])("of %d checkers with %d healthy is %s", (count, healthy, expected) => {
    const checkers = Array.from({ length: count }, (_, index) => ({ healthy: index < healthy, against: 0 }));
    expect(isEndpointHealthy(checkers)).toBe(expected);
  });
});

const flags = { inverted: false, disabled: false };
const endpoint = (more: Partial<typeof flags> = {}): HealthCheck => ({
  type: "HTTPS",
  host: "eu-west-1.shop.test",
  port: 443,
  path: "/health",
  failureThreshold: 3,
  requestIntervalSeconds: 10,
  ...flags,
  ...more,
});
const calculated = (
  healthThreshold: number,
  children: string[],
  more: Partial<typeof flags> = {},
): HealthCheck => ({
  type: "CALCULATED",
  children: children.map(checkId),
  healthThreshold,
  ...flags,
  ...more,
});

/** Endpoints are sick when they are named so. */
function healthOf(checks: Record<string, HealthCheck>, sick: string[] = []) {
  const view = {
    checks: new Map(Object.entries(checks).map(([id, check]) => [checkId(id), check])),
    checkersOf: (id: HealthCheckId): CheckerState[] => [{ healthy: !sick.includes(id), against: 0 }],
  };
  return (id: string) => isCheckHealthy(view, checkId(id));
}

describe("a check", () => {
  it("says what its checkers say, or the opposite when it is inverted", () => {
    const checks = { plain: endpoint(), inverted: endpoint({ inverted: true }) };
    expect(["plain", "inverted"].map(healthOf(checks))).toEqual([true, false]);
    expect(["plain", "inverted"].map(healthOf(checks, ["plain", "inverted"]))).toEqual([false, true]);
  });

  it("that is disabled is healthy, or sick when it is inverted too", () => {
    const checks = {
      off: endpoint({ disabled: true }),
      inverted: endpoint({ disabled: true, inverted: true }),
      sum: calculated(1, ["sick"], { disabled: true }),
      sick: endpoint(),
    };
    expect(["off", "inverted", "sum"].map(healthOf(checks, ["off", "inverted", "sick"]))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("that does not exist is healthy", () => {
    expect(healthOf({})("gone")).toBe(true);
  });

  it.each([
    [2, ["a", "b"], [], true],
    [2, ["a", "b"], ["a"], false],
    [1, ["a", "b"], ["a"], true],
    [0, ["a", "b"], ["a", "b"], true],
    [3, ["a", "b"], [], false],
  ])("of threshold %d over %j without %j is %s", (threshold, children, sick, expected) => {
    const checks = { a: endpoint(), b: endpoint(), sum: calculated(threshold, children) };
    expect(healthOf(checks, sick)("sum")).toBe(expected);
    const inverted = { ...checks, sum: calculated(threshold, children, { inverted: true }) };
    expect(healthOf(inverted, sick)("sum")).toBe(!expected);
  });

  it("drains a region only when all others vote for it, or it is sick itself", () => {
    const checks = {
      own1: endpoint(),
      own2: endpoint(),
      own3: endpoint(),
      vote1: endpoint({ inverted: true }),
      vote2: endpoint({ inverted: true }),
      vote3: endpoint({ inverted: true }),
      region: calculated(4, ["own1", "own2", "own3", "vote1", "vote2", "vote3"]),
    };
    const notVoting = ["vote1", "vote2", "vote3"];
    expect(healthOf(checks, notVoting)("region")).toBe(true);
    expect(healthOf(checks, ["vote3"])("region")).toBe(true);
    expect(healthOf(checks, [])("region")).toBe(false);
    expect(healthOf(checks, ["own1", "own2", "own3", ...notVoting])("region")).toBe(false);
  });
});
