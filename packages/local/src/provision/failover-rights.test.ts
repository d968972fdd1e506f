/** That the rights of the graphs are enough for what probers, and the functions that they tell, ask of AWS. */
import { describe, expect, it } from "vitest";
import { firstDenial } from "../services/iam/evaluate.ts";
import { functionPrincipal } from "../services/iam/statement.ts";
import type { AuthorizationNeed } from "../services/service.ts";
import { committedGraphs, worldRegions } from "../world/temporary-world.ts";
import { planWorld } from "./plan.ts";

const secrets = new Proxy<Record<string, string>>({}, { get: () => "secret" });
const plan = planWorld(committedGraphs(), secrets);
const zone = plan.zones[0]?.id;
const distribution = plan.distributions[0];

function needsOfPublishing(region: string, name: string): AuthorizationNeed[] {
  const topic = plan.topics.find((one) => one.name === `antipode-prod-${region}-${name}`);
  const keyed = ["kms:GenerateDataKey", "kms:Decrypt"];
  return [
    { action: "sns:Publish", resource: topic?.arn ?? "no topic" },
    ...keyed.map((action) => ({ action, resource: topic?.keyArn ?? "no key" })),
  ];
}

/** Which record sets a change is of, as Route 53 tells conditions. */
const changeOf = (name: string, type: string, action: string): AuthorizationNeed => ({
  action: "route53:ChangeResourceRecordSets",
  resource: `arn:aws:route53:::hostedzone/${zone}`,
  context: {
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name],
    "route53:ChangeResourceRecordSetsRecordTypes": [type],
    "route53:ChangeResourceRecordSetsActions": [action],
  },
});
const updateOf = (tags: Readonly<Record<string, string>>): AuthorizationNeed => ({
  action: "cloudfront:UpdateDistribution",
  resource: `arn:aws:cloudfront::111122223333:distribution/${distribution?.id}`,
  context: Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, [value]]),
  ),
});

function denied(region: string, name: string, needs: readonly AuthorizationNeed[]) {
  const found = plan.functions.find((one) => one.name === `antipode-prod-${region}-${name}`);
  if (found === undefined) throw new Error(`no function ${name} in ${region}`);
  return firstDenial(functionPrincipal(found.roleArn, found.name, found.statements), needs)?.message;
}

describe.each(worldRegions)("in %s", (region) => {
  it("a prober may tell the own functions, and nobody else", () => {
    const own = ["Failover", "Recovery"].flatMap((name) => needsOfPublishing(region, name));
    expect(denied(region, "Prober", own)).toBeUndefined();
    expect(denied(region, "Prober", needsOfPublishing(region, "Alarms"))).toBeDefined();
  });

  it.each(["Failover", "Recovery"])("%s may tell people and systems", (name) => {
    const bus = `arn:aws:events:${region}:111122223333:event-bus/default`;
    expect(denied(region, name, needsOfPublishing(region, "Alarms"))).toBeUndefined();
    expect(denied(region, name, [{ action: "events:PutEvents", resource: bus }])).toBeUndefined();
  });

  it.each(["Failover", "Recovery"])("%s may lead the failover pair, and change no other record", (name) => {
    const change = changeOf("failover.antipode.example", "CNAME", "UPSERT");
    expect(denied(region, name, [change])).toBeUndefined();
    for (const other of [
      changeOf("api.antipode.example", "CNAME", "UPSERT"),
      changeOf("failover.antipode.example", "CNAME", "DELETE"),
      changeOf("failover.antipode.example", "A", "UPSERT"),
    ]) {
      expect(denied(region, name, [other])).toBeDefined();
    }
  });

  it.each(["Failover", "Recovery"])("%s may change the CDN of its own environment", (name) => {
    expect(denied(region, name, [updateOf(distribution?.tags ?? {})])).toBeUndefined();
    expect(denied(region, name, [updateOf({ "antipode:environment": "other" })])).toBeDefined();
    expect(denied(region, name, [updateOf({})])).toBeDefined();
  });
});
