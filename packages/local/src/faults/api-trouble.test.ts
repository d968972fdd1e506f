import { describe, expect, it } from "vitest";
import { createRandom } from "../links/random.ts";
import { createApiTrouble } from "./api-trouble.ts";
import { createCallFailures } from "./call-failures.ts";
import { createFaults } from "./faults.ts";

const us = "us-east-1";
const eu = "eu-west-1";

function openRegion() {
  const faults = createFaults({ regions: [us, eu] });
  const { state } = faults;
  const failures = createCallFailures({ service: "api", state, random: createRandom("api") });
  return { faults, trouble: createApiTrouble({ region: us, state, failures }) };
}

describe("trouble of a region's API", () => {
  it("is none without a fault, and none of another region's", () => {
    const { faults, trouble } = openRegion();
    faults.apply({ type: "fail", region: eu, service: "api", share: 1 });
    faults.apply({ type: "slow", region: eu, service: "api", ms: 5_000 });
    faults.apply({ type: "fail", region: us, service: "dynamodb", share: 1 });
    expect(trouble("/v1/products")).toEqual({ delayMs: 0, fails: false });
  });

  it("fails that share of what shoppers ask, and delays all of it", () => {
    const { faults, trouble } = openRegion();
    faults.apply({ type: "fail", region: us, service: "api", share: 0.2 });
    faults.apply({ type: "slow", region: us, service: "api", ms: 5_000 });
    const troubles = Array.from({ length: 1_000 }, () => trouble("/v1/carts/c/lines"));
    const failed = troubles.filter(({ fails }) => fails).length;
    expect(failed).toBeGreaterThan(150);
    expect(failed).toBeLessThan(250);
    expect(new Set(troubles.map(({ delayMs }) => delayMs))).toEqual(new Set([5_000]));
    faults.apply({ type: "heal" });
    expect(trouble("/v1/carts/c/lines")).toEqual({ delayMs: 0, fails: false });
  });

  it.each(["/health", "/ready", "/ramped", "/drain-votes/eu-west-1"])(
    "spares %s, so that the region looks well",
    (path) => {
      const { faults, trouble } = openRegion();
      faults.apply({ type: "fail", region: us, service: "api", share: 1 });
      faults.apply({ type: "slow", region: us, service: "api", ms: 5_000 });
      expect(trouble(path)).toEqual({ delayMs: 0, fails: false });
      expect(trouble(`/v1${path}`).fails).toBe(true);
    },
  );
});
