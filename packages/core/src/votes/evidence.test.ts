import { expect, test } from "vitest";
import { evidenceAlarms, evidenceOf } from "./evidence.ts";

const prod = { environment: "prod", region: "eu-west-1" };

test("is what the region itself says of how it serves", () => {
  for (const name of evidenceAlarms) {
    expect(evidenceOf(`antipode-prod-eu-west-1-${name}`, prod)).toBe(name);
  }
});

test.each([
  ["another region's", "antipode-prod-ap-east-1-ApiErrors"],
  ["another environment's", "antipode-staging-eu-west-1-ApiErrors"],
  ["a personal stage's", "antipode-me-prod-eu-west-1-ApiErrors"],
  ["money's", "antipode-prod-eu-west-1-PaymentsUnmatched"],
  ["an observer's", "antipode-prod-eu-west-1-ReplicationSlow-us-east-1"],
  ["one that only begins alike", "antipode-prod-eu-west-1-ApiErrors2"],
  ["nobody's", "ApiErrors"],
])("is not %s: %s", (_, name) => {
  expect(evidenceOf(name, prod)).toBeUndefined();
});
