import { describe, expect, it } from "vitest";
import type { ResourceStatement } from "./resource-policy.ts";
import { serviceMay } from "./resource-policy.ts";

const topic = "arn:aws:sns:eu-west-1:111122223333:Failover";
const alarm = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors";
const need = { action: "sns:Publish", resource: topic };
const statement = (more: Partial<ResourceStatement> = {}): ResourceStatement => ({
  effect: "Allow",
  principals: { Service: ["cloudwatch.amazonaws.com"] },
  actions: ["sns:Publish"],
  resources: [topic],
  ...more,
});
const may = (...policy: ResourceStatement[]) =>
  serviceMay(policy, { service: "cloudwatch.amazonaws.com", sourceArn: alarm }, need);

describe("a service", () => {
  it("may what a statement for it allows, and nothing without one", () => {
    expect(may(statement())).toBe(true);
    expect(may()).toBe(false);
    expect(may(statement({ principals: { Service: ["events.amazonaws.com"] } }))).toBe(false);
    expect(may(statement({ principals: { AWS: ["cloudwatch.amazonaws.com"] } }))).toBe(false);
    expect(may(statement({ principals: { "*": ["*"] } }))).toBe(true);
    expect(may(statement({ actions: ["sns:Subscribe"] }))).toBe(false);
    expect(may(statement({ resources: [`${topic}2`] }))).toBe(false);
  });

  it.each<[Record<string, Record<string, string[]>>, boolean]>([
    [{ StringEquals: { "aws:SourceAccount": ["111122223333"] } }, true],
    [{ StringEquals: { "aws:SourceAccount": ["444455556666"] } }, false],
    [{ ArnLike: { "aws:SourceArn": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*"] } }, true],
    [{ ArnLike: { "aws:SourceArn": ["arn:aws:cloudwatch:us-east-1:111122223333:alarm:*"] } }, false],
    [{ StringEquals: { "aws:PrincipalOrgID": ["o-1"] } }, false],
  ])("acts for the resource that conditions name: %j %s", (conditions, expected) => {
    expect(may(statement({ conditions }))).toBe(expected);
  });

  it("is kept out by a statement that denies, whoever it names", () => {
    const plainOnly = { Bool: { "aws:SecureTransport": ["false"] } };
    const deny = statement({ effect: "Deny", principals: { "*": ["*"] }, actions: ["sns:*"] });
    expect(may(statement(), deny)).toBe(false);
    expect(may(statement(), { ...deny, conditions: plainOnly })).toBe(true);
  });
});
