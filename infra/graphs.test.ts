/** What the committed graphs must say, whatever infra/ looks like. `stale.test.ts` says when they are out of date. */
import { describe, expect, it } from "vitest";
import { regions } from "../packages/core/src/region/regions.ts";
import {
  committedStages,
  findDanglingLookups,
  type Graph,
  type GraphResource,
  type GraphStatement,
  readGraph,
} from "../packages/infra-graph/src/index.ts";
import { ownLog, rightsOf } from "./testing/rights.ts";

const graphs = new Map(committedStages().map((stage) => [stage.name, readGraph(stage.name)]));
const regionNames = regions.map((region) => region.name as string);
const graphOf = (stage: string): Graph => {
  const graph = graphs.get(stage);
  if (!graph) throw new Error(`no graph of ${stage}`);
  return graph;
};
const inRegion = (region: string) => graphOf(`prod-${region}`);
const ofType = (graph: Graph, type: string) => graph.resources.filter((resource) => resource.type === type);
const input = (resource: GraphResource, name: string) => resource.inputs?.[name];

const home = inRegion("us-east-1");
const globalTables = ["Carts", "Catalog", "Control", "Orders", "Stock"];
const regionalTables = ["Conflicts", "Inbox", "Views"];

/** Types of which the home stage has more: what exists once per environment, and the other regions' keys. */
const onceTypes = [
  "aws:dynamodb/table:Table",
  "aws:kms/key:Key",
  "aws:kms/alias:Alias",
  "aws:route53/record:Record",
];

describe("every region", () => {
  const parts = (graph: Graph) =>
    graph.resources
      .filter((resource) => !onceTypes.includes(resource.type))
      .map(({ type, name }) => `${type} ${name}`)
      .sort();

  it.each(regionNames.slice(1))("has the same parts as the home region: %s", (region) => {
    expect(parts(inRegion(region))).toEqual(parts(home));
  });

  it.each(regionNames)("has its own regional tables, encrypted with the region's key: %s", (region) => {
    const tables = ofType(inRegion(region), "aws:dynamodb/table:Table").filter(
      (table) => input(table, "replicas") === undefined,
    );
    expect(tables.map((table) => input(table, "name")).sort()).toEqual(
      regionalTables.map((name) => `antipode-prod-${name}`),
    );
    const keyArn = ofType(home, "aws:kms/key:Key").find((key) => key.region === region)?.arn;
    expect(keyArn).toBeDefined();
    for (const table of tables) {
      expect(input(table, "serverSideEncryption")).toEqual({ enabled: true, kmsKeyArn: keyArn });
      expect(input(table, "deletionProtectionEnabled")).toBe(true);
      expect(input(table, "billingMode")).toBe("PAY_PER_REQUEST");
    }
  });

  it.each(regionNames)("reads each global table's own stream with one dispatcher: %s", (region) => {
    const mappings = ofType(inRegion(region), "aws:lambda/eventSourceMapping:EventSourceMapping");
    const wiring = mappings.map((mapping) => [
      String(input(mapping, "eventSourceArn")).replace(/\/stream\/.*/, ""),
      input(mapping, "functionName"),
    ]);
    expect(wiring.sort()).toEqual(
      globalTables.map((table) => [
        `arn:aws:dynamodb:${region}:111122223333:table/antipode-prod-${table}`,
        `arn:aws:lambda:${region}:111122223333:function:antipode-prod-${region}-${table}Dispatcher`,
      ]),
    );
    const bucket = ofType(inRegion(region), "aws:s3/bucket:Bucket")[0]?.arn;
    for (const mapping of mappings) {
      expect(mapping.inputs).toMatchObject({
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        destinationConfig: { onFailure: { destinationArn: bucket } },
        startingPosition: "TRIM_HORIZON",
      });
    }
  });

  it.each(regionNames)("rebuilds its views once, when its stage is first deployed: %s", (region) => {
    const functionName = `antipode-prod-${region}-Backfill`;
    const [invocation, ...more] = ofType(inRegion(region), "aws:lambda/invocation:Invocation");
    expect(more).toEqual([]);
    expect(invocation?.inputs).toEqual({
      functionName,
      input: '{"continue":true}', // answers at once: a deployment does not wait for a catalog
      triggers: { origin: `${region}#1` }, // and again for a replica that was created again
    });
    // Lambda would stop it at the sixteenth run.
    const [recursion] = ofType(
      inRegion(region),
      "aws:lambda/functionRecursionConfig:FunctionRecursionConfig",
    );
    expect(recursion?.inputs).toEqual({ functionName, recursiveLoop: "Allow" });
  });

  it.each(regionNames)("runs every function on arm64 and Node 24 from a minified module: %s", (region) => {
    const functions = ofType(inRegion(region), "aws:lambda/function:Function");
    expect(functions.map((resource) => input(resource, "name")).sort()).toEqual(
      Object.keys(rightsOf)
        .map((name) => `antipode-prod-${region}-${name}`)
        .sort(),
    );
    for (const resource of functions) {
      expect(resource.function).toMatchObject({
        architecture: "arm64",
        runtime: "nodejs24.x",
        bundle: { minify: true, format: "esm" },
      });
    }
    for (const logGroup of ofType(inRegion(region), "aws:cloudwatch/logGroup:LogGroup")) {
      expect(input(logGroup, "retentionInDays"), logGroup.name).toBe(30);
    }
  });

  it.each(regionNames)("answers for every name of the domain: %s", (region) => {
    const [domain] = ofType(inRegion(region), "aws:apigatewayv2/domainName:DomainName");
    const [certificate] = ofType(inRegion(region), "aws:acm/certificate:Certificate");
    expect(domain && input(domain, "domainName")).toBe("*.antipode.example");
    expect(certificate?.region).toBe(region);
    expect(domain?.outputs?.["domainNameConfiguration"]).toMatchObject({
      certificateArn: certificate?.arn,
      securityPolicy: "TLS_1_2",
    });
  });
});

describe("global tables", () => {
  const tables = ofType(home, "aws:dynamodb/table:Table").filter(
    (table) => input(table, "replicas") !== undefined,
  );

  it("are the five, owned by the home stage alone", () => {
    expect(tables.map((table) => input(table, "name")).sort()).toEqual(
      globalTables.map((name) => `antipode-prod-${name}`),
    );
  });

  it.each(globalTables)("%s has a replica with that region's key in exactly the other regions", (name) => {
    const table = tables.find((entry) => input(entry, "name") === `antipode-prod-${name}`);
    const keyIn = (region: string) =>
      ofType(home, "aws:kms/key:Key").find((key) => key.region === region)?.arn;
    const replicas = input(table as GraphResource, "replicas") as Record<string, unknown>[];
    expect(replicas).toEqual(
      regionNames.slice(1).map((region) => ({
        regionName: region,
        kmsKeyArn: keyIn(region),
        pointInTimeRecovery: true,
        deletionProtectionEnabled: true,
        propagateTags: true,
      })),
    );
    expect(table?.inputs).toMatchObject({
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      serverSideEncryption: { enabled: true, kmsKeyArn: keyIn("us-east-1") },
    });
  });
});

describe("rights", () => {
  const text = (statement: GraphStatement) => JSON.stringify(statement);

  it.each(regionNames.flatMap((region) => Object.keys(rightsOf).map((name) => [name, region] as const)))(
    "%s in %s has the expected ones and no other",
    (name, region) => {
      const role = ofType(inRegion(region), "aws:iam/role:Role").find(
        (entry) => entry.name === `${name}Role`,
      );
      const statements = (input(role as GraphResource, "statements") ?? []) as unknown as GraphStatement[];
      const expected = [...(rightsOf[name]?.(region) ?? []), ownLog(region, name)];
      expect(statements.map(text).sort()).toEqual(expected.map(text).sort());
      expect(input(role as GraphResource, "managedPolicyArns") ?? []).toEqual([]);
    },
  );

  it("lets only Lambda assume a role", () => {
    for (const graph of graphs.values()) {
      for (const role of ofType(graph, "aws:iam/role:Role")) {
        const trust = (input(role, "trust") ?? []) as unknown as GraphStatement[];
        expect(
          trust.map(({ effect, principals, actions }) => ({ effect, principals, actions })),
          `${role.name} of ${graph.stage}`,
        ).toEqual([
          { effect: "Allow", principals: { Service: ["lambda.amazonaws.com"] }, actions: ["sts:AssumeRole"] },
        ]);
      }
    }
  });

  it("lets a table's key be used through DynamoDB only, and within the account", () => {
    for (const key of ofType(home, "aws:kms/key:Key")) {
      const statements = input(key, "statements") as unknown as GraphStatement[];
      const open = statements.filter((statement) => statement.principals?.["AWS"]?.includes("*"));
      expect(open.map((statement) => statement.conditions)).toEqual([
        {
          StringEquals: { "kms:CallerAccount": ["111122223333"] },
          StringLike: { "kms:ViaService": ["dynamodb.*.amazonaws.com"] },
        },
      ]);
    }
  });
});

describe("nothing is public that should not be", () => {
  it.each([...graphs.keys()])("%s", (stage) => {
    const graph = graphOf(stage);
    expect(ofType(graph, "aws:lambda/functionUrl:FunctionUrl")).toEqual([]);
    const permissions = ofType(graph, "aws:lambda/permission:Permission");
    const [api] = ofType(graph, "aws:apigatewayv2/api:Api");
    const routed = new Set(permissions.map((permission) => String(input(permission, "function"))));
    expect([...routed].map((name) => name.replace(/^.*-/, "")).sort()).toEqual(["Api", "Docs"]);
    for (const permission of permissions) {
      expect(permission.inputs).toMatchObject({
        principal: "apigateway.amazonaws.com",
        sourceArn: `${api?.outputs?.["executionArn"]}/*`,
      });
    }
    const buckets = ofType(graph, "aws:s3/bucket:Bucket").map((bucket) => input(bucket, "bucket"));
    const blocks = ofType(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(blocks.map((block) => input(block, "bucket"))).toEqual(buckets);
    for (const block of blocks) {
      expect(block.inputs).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }
    for (const policy of ofType(graph, "aws:s3/bucketPolicy:BucketPolicy")) {
      const statements = input(policy, "statements") as unknown as GraphStatement[];
      expect(statements.filter((statement) => statement.effect === "Allow")).toEqual([]);
    }
  });
});

describe("what stages look up of each other", () => {
  it("is looked up in the own region alone, so that a stage can be deployed while another region is down", () => {
    for (const region of regionNames.slice(1)) {
      const graph = inRegion(region);
      expect(graph.lookups.filter((lookup) => lookup.type !== undefined)).toEqual([]); // no resource is read
      expect(new Set(graph.lookups.map((lookup) => lookup.region))).toEqual(new Set([region]));
    }
  });

  it("exists in the home stage under a name without chance in it", () => {
    expect(findDanglingLookups([...graphs.values()])).toEqual([]);
    const names = regionNames.slice(1).map((region) =>
      inRegion(region)
        .lookups.map((lookup) => lookup.key["id"] ?? lookup.key["name"])
        .sort(),
    );
    for (const list of names) {
      expect(list).toEqual([
        "alias/antipode-prod-tables",
        ...globalTables.map((name) => `antipode-prod-${name}`),
      ]);
    }
  });
});

describe("a personal stage", () => {
  const personal = graphOf("alice");

  it("has one region and no replica", () => {
    expect(new Set(personal.resources.map((resource) => resource.region))).toEqual(new Set(["us-east-1"]));
    for (const table of ofType(personal, "aws:dynamodb/table:Table")) {
      expect(input(table, "replicas"), table.name).toBeUndefined();
      expect(input(table, "deletionProtectionEnabled")).toBe(false);
      expect(String(input(table, "name"))).toMatch(/^antipode-me-alice-/);
    }
    const deployment = ofType(personal, "aws:lambda/function:Function")[0]?.function?.links["Deployment"];
    expect(deployment?.["regions"]).toEqual([{ name: "us-east-1", origin: "us-east-1#1" }]);
  });
});

describe("secrets", () => {
  it("are in no graph", () => {
    for (const graph of graphs.values()) {
      for (const resource of ofType(graph, "aws:lambda/function:Function")) {
        const link = resource.function?.links["SessionKeys"];
        if (link) expect(link["value"]).toBe("[secret]");
        expect(Object.keys(resource.function?.environment ?? {})).not.toContain("SST_KEY");
      }
    }
  });
});
