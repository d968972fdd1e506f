/** What an environment's settings change, evaluated with them: the committed graphs have them all left out. */
import { describe, expect, it } from "vitest";
import {
  type EvaluateOptions,
  evaluateStage,
  repositoryRoot as root,
} from "../packages/infra-graph/src/index.ts";
import { input, inRegion, ofType } from "./testing/graphs.ts";

const evaluationTimeoutMs = 60_000;

const withSettings = (stage: string, settings: EvaluateOptions["settings"] = {}) =>
  evaluateStage(stage, { root, settings, peers: [inRegion("us-east-1")] });

describe("settings of an environment", { timeout: evaluationTimeoutMs }, () => {
  it("ANTIPODE_EU_RESIDENCY=strict leads eu nowhere else", async () => {
    const graph = await withSettings("prod-eu-west-1", { ANTIPODE_EU_RESIDENCY: "strict" });
    const eu = ofType(graph, "aws:route53/record:Record").filter(
      (record) => input(record, "name") === "eu.antipode.example",
    );
    expect(eu.map(({ inputs }) => inputs)).toEqual([
      expect.objectContaining({ aliases: [expect.objectContaining({ name: "eu-only.antipode.example" })] }),
    ]);
    expect(input(eu[0] as (typeof eu)[0], "failoverRoutingPolicies")).toBeUndefined();
  });

  it("ANTIPODE_FIREWALL=on puts a firewall before the CDN", async () => {
    const graph = await withSettings("prod-us-east-1", { ANTIPODE_FIREWALL: "on" });
    const [firewall] = ofType(graph, "aws:wafv2/webAcl:WebAcl");
    const [edge] = ofType(graph, "aws:cloudfront/distribution:Distribution");
    expect(firewall?.inputs).toMatchObject({ scope: "CLOUDFRONT" });
    expect(edge?.inputs).toMatchObject({ webAclId: firewall?.arn });
  });

  it("are refused when they say nothing that is known", async () => {
    await expect(withSettings("prod-eu-west-1", { ANTIPODE_EU_RESIDENCY: "always" })).rejects.toThrow(
      'ANTIPODE_EU_RESIDENCY is "always": choose from prefer, strict.',
    );
  });
});
