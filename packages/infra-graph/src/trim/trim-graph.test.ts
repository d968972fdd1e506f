import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphToText, type Json, type JsonObject } from "../format.ts";
import type { RawEvaluation, RawResource } from "../monitor/raw.ts";
import { normalizeApp } from "../program/app.ts";
import { trimGraph } from "./trim-graph.ts";

const app = normalizeApp({ name: "shop", providers: { aws: { region: "us-east-1" } } }, "test-us-east-1");

function rawOf(type: string, name: string, parts: Partial<RawResource> = {}): RawResource {
  return {
    urn: `urn:pulumi:test::shop::${type}::${name}`,
    type,
    name,
    parent: null,
    kind: "custom",
    region: "us-east-1",
    id: name.toLowerCase(),
    inputs: {},
    outputs: {},
    ...parts,
  };
}

function trim(resources: readonly RawResource[], parts: Partial<RawEvaluation> = {}, links: JsonObject = {}) {
  const raw = { resources, calls: [], links: {}, secrets: [], problems: [], ...parts };
  const builds = [
    {
      functionId: "Worker",
      handler: "src/worker.handler",
      properties: {},
      links: { Link: links },
      copyFiles: [],
    },
  ];
  return trimGraph({ app, raw, builds });
}

const topic = rawOf("aws:sns/topic:Topic", "News", {
  inputs: { name: "news", displayName: "not listed", fifoTopic: null },
  outputs: { arn: "arn:aws:sns:us-east-1:111122223333:news", name: "news" },
});

describe("trimming a graph", () => {
  it("keeps the listed inputs of a known type and drops the rest", () => {
    expect(trim([topic]).resources).toEqual([
      {
        type: "aws:sns/topic:Topic",
        name: "News",
        region: "us-east-1",
        id: "news",
        arn: "arn:aws:sns:us-east-1:111122223333:news",
        inputs: { name: "news" },
      },
    ]);
  });

  it("completes inputs from what the provider made up", () => {
    const unnamed = { ...topic, inputs: {} };
    expect(trim([unnamed]).resources[0]?.inputs).toEqual({ name: "news" });
  });

  it("keeps types without a list by name, region and ARN alone", () => {
    const object = rawOf("aws:s3/bucketObjectv2:BucketObjectv2", "Code", { inputs: { key: "code-abc.zip" } });
    expect(trim([object]).resources).toEqual([
      { type: "aws:s3/bucketObjectv2:BucketObjectv2", name: "Code", region: "us-east-1" },
    ]);
  });

  it("leaves out components and providers, and lists reads as look-ups", () => {
    const table = rawOf("aws:dynamodb/table:Table", "OrdersTable", { kind: "read", id: "orders" });
    const zone = rawOf("pulumi-nodejs:dynamic:Resource", "Api.sst.aws.HostedZoneLookup", {
      inputs: { domain: "api.shop.example" },
    });
    const graph = trim([
      rawOf("sst:aws:Function", "Worker", { kind: "component" }),
      rawOf("pulumi:providers:aws", "Elsewhere"),
      table,
      zone,
    ]);
    expect(graph.resources).toEqual([]);
    expect(graph.lookups.map(({ name, key }) => ({ name, key }))).toEqual([
      { name: "OrdersTable", key: { id: "orders" } },
      { name: "Api.sst.aws.HostedZoneLookup", key: { domain: "api.shop.example" } },
    ]);
  });

  it("lists what a provider function found, once, and not where the program runs", () => {
    const alias = {
      token: "aws:kms/getAlias:getAlias",
      region: "us-east-1",
      inputs: { name: "alias/a" },
      outputs: { arn: "arn:alias", name: "alias/a", targetKeyArn: "arn:key" },
    };
    const region = { token: "aws:index/getRegion:getRegion", region: "us-east-1", inputs: {}, outputs: {} };
    expect(trim([], { calls: [alias, region, alias] }).lookups).toEqual([
      {
        token: "aws:kms/getAlias:getAlias",
        name: "alias/a",
        region: "us-east-1",
        key: { name: "alias/a" },
        result: { arn: "arn:alias", name: "alias/a" },
      },
    ]);
  });

  it("marks secrets in inputs, environment and links", () => {
    const parameter = rawOf("aws:ssm/parameter:Parameter", "Password", {
      inputs: { name: "/password", type: "SecureString", value: { $secret: "hunter2" } },
    });
    const worker = rawOf("aws:lambda/function:Function", "WorkerFunction", {
      parent: "urn:pulumi:test::shop::sst:aws:Function::Worker",
      inputs: {
        role: "arn:role",
        environment: { $secret: { variables: { URL: "db://hunter2@host", MODE: "fast", SST_KEY: "AAAA" } } },
      },
    });
    const graph = trim([parameter, worker], { secrets: ["hunter2"] }, { password: "hunter2", port: 5 });
    expect(graphToText(graph)).not.toMatch(/hunter2|AAAA/);
    expect(graph.resources[0]?.function).toMatchObject({
      environment: { URL: "db://[secret]@host", MODE: "fast" },
      links: { Link: { password: "[secret]", port: 5 } },
    });
  });

  it("shows a parameter's value unless it is stored as a secret", () => {
    const parameter = (type: Json) =>
      rawOf("aws:ssm/parameter:Parameter", "Address", { inputs: { type, value: { $secret: "https://x" } } });
    expect(trim([parameter("String")]).resources[0]?.inputs?.["value"]).toBe("https://x");
    expect(trim([parameter("SecureString")]).resources[0]?.inputs?.["value"]).toBe("[secret]");
    const tainted = parameter({ $secret: "SecureString" });
    expect(trim([tainted]).resources[0]?.inputs?.["value"]).toBe("[secret]");
  });

  it("says which policy is not JSON", () => {
    const role = rawOf("aws:iam/role:Role", "Broken", { inputs: { assumeRolePolicy: "{" } });
    expect(() => trim([role])).toThrow(
      'aws:iam/role:Role "Broken": its assumeRolePolicy is not a policy in JSON',
    );
  });

  it("gives one text whatever order the program registered in", () => {
    const resources = ["us-east-1", "eu-west-1"].flatMap((region) =>
      ["News", "Alerts", "Orders"].map((name) => ({ ...topic, name, region })),
    );
    const text = graphToText(trim(resources));
    fc.assert(
      fc.property(fc.shuffledSubarray(resources, { minLength: resources.length }), (shuffled) => {
        expect(graphToText(trim(shuffled))).toBe(text);
      }),
    );
  });
});
