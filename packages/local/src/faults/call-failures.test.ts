import { describe, expect, it } from "vitest";
import { createRandom } from "../links/random.ts";
import type { AwsService, ServiceRequest } from "../services/service.ts";
import { createCallFailures, withCallFailures } from "./call-failures.ts";
import { createFaults } from "./faults.ts";

const us = "us-east-1";
const eu = "eu-west-1";
const regions = [us, eu];

describe("call failures", () => {
  it("hit the share of calls in their scope and no others", () => {
    const faults = createFaults({ regions });
    const failures = createCallFailures({
      service: "dynamodb",
      state: faults.state,
      random: createRandom("calls"),
    });
    const countFailed = (region: string, operation: string, table?: string) =>
      Array.from({ length: 1000 }, () => failures.check(region, operation, table)).filter(Boolean).length;

    expect(countFailed(us, "PutItem", "antipode-prod-Carts")).toBe(0);
    faults.apply({
      type: "fail",
      region: us,
      service: "dynamodb",
      operation: "PutItem",
      table: "Carts",
      share: 0.5,
    });
    faults.apply({ type: "fail", region: eu, service: "s3", share: 1 });
    expect(countFailed(us, "PutItem", "antipode-prod-Carts")).toBeGreaterThan(430);
    expect(countFailed(us, "PutItem", "antipode-prod-Carts")).toBeLessThan(570);
    expect(countFailed(us, "PutItem", "antipode-prod-OldCarts")).toBe(0);
    expect(countFailed(us, "PutItem")).toBe(0);
    expect(countFailed(us, "GetItem", "antipode-prod-Carts")).toBe(0);
    expect(countFailed(eu, "PutItem", "antipode-prod-Carts")).toBe(0);
  });

  it("fail with the service's own error, which the SDK retries", () => {
    const faults = createFaults({ regions });
    faults.apply({ type: "fail", region: us, service: "dynamodb", share: 1 });
    const failures = createCallFailures({ service: "dynamodb", state: faults.state, random: () => 0.99 });
    expect(failures.check(us, "Query")).toMatchObject({ code: "InternalServerError", status: 500 });
  });
});

describe("a service with call failures", () => {
  const request: ServiceRequest = {
    region: us,
    method: "PUT",
    path: "/bucket/key",
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
  };
  const service: AwsService = {
    signingName: "s3",
    needs: () => [{ action: "s3:PutObject", resource: "arn:aws:s3:::bucket/key" }],
    handle: async () => ({ status: 200, headers: {}, body: "done" }),
    fail: (error) => ({ status: error.status, headers: {}, body: error.code }),
  };

  it("answers in the service's own format, for the operations and region that are to fail", async () => {
    const faults = createFaults({ regions });
    const failures = createCallFailures({ service: "s3", state: faults.state, random: createRandom(1) });
    const failing = withCallFailures(service, failures);
    faults.apply({ type: "fail", region: us, service: "s3", operation: "GetObject", share: 1 });
    expect(await failing.handle(request)).toMatchObject({ status: 200 });
    faults.apply({ type: "fail", region: us, service: "s3", operation: "PutObject", share: 1 });
    expect(await failing.handle(request)).toEqual({ status: 500, headers: {}, body: "InternalError" });
    expect(await failing.handle({ ...request, region: eu })).toMatchObject({ status: 200 });
    expect(failing.needs(request)).toEqual(service.needs(request));
  });
});
