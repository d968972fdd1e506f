/** What the committed graphs must say, whatever infra/ looks like. `stale.test.ts` says when they are out of date. */
import { describe, expect, it } from "vitest";
import { indexes } from "../packages/core/src/items/indexes.ts";
import {
  findDanglingLookups,
  type Graph,
  type GraphResource,
  type GraphStatement,
  secretMark,
} from "../packages/infra-graph/src/index.ts";
import {
  functionsOf,
  graphOf,
  graphs,
  input,
  inRegion,
  ofType,
  regionNames,
  shortName,
  stages,
} from "./testing/graphs.ts";
import { ownLog, rightsOf } from "./testing/rights.ts";

const home = inRegion("us-east-1");
const globalTables = ["Carts", "Catalog", "Control", "Orders", "Stock"];
const regionalTables = ["Conflicts", "Inbox", "Views"];

/** The key of a region's tables, which the home stage creates. */
const tablesKeys = ofType(home, "aws:kms/key:Key").filter(({ name }) => name.startsWith("TablesKey-"));
const tablesKeyArn = (region: string) => tablesKeys.find((key) => key.region === region)?.arn;

/** Types of which the home stage has more: what exists once per environment, and the other regions' keys. */
const onceTypes = [
  "aws:dynamodb/table:Table",
  "aws:kms/key:Key",
  "aws:kms/alias:Alias",
  "aws:route53/record:Record",
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:cloudfront/cachePolicy:CachePolicy",
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
];

/** In names of what a region has about another one. */
const anyRegion = new RegExp(regionNames.join("|"), "g");

describe("every region", () => {
  const parts = (graph: Graph) =>
    graph.resources
      .filter((resource) => !onceTypes.includes(resource.type))
      .map(({ type, name }) => `${type} ${name.replaceAll(anyRegion, "*")}`)
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
    const keyArn = tablesKeyArn(region);
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
    const certificate = ofType(inRegion(region), "aws:acm/certificate:Certificate").find(
      ({ name }) => name === "WildcardCertificate",
    );
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
    const replicas = input(table as GraphResource, "replicas") as Record<string, unknown>[];
    expect(replicas).toEqual(
      regionNames.slice(1).map((region) => ({
        regionName: region,
        kmsKeyArn: tablesKeyArn(region),
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
      serverSideEncryption: { enabled: true, kmsKeyArn: tablesKeyArn("us-east-1") },
    });
  });
});

describe("the global tables' attributes that DynamoDB itself looks at", () => {
  const globalTable = (name: string) =>
    ofType(home, "aws:dynamodb/table:Table").find((table) => table.name === `Global${name}Table`)?.inputs;

  it("are those of the indexes that the code asks for, and hold what it says", () => {
    for (const name of globalTables) {
      const wanted = Object.entries(indexes).filter(([, index]) => index.table === name);
      const made = (globalTable(name)?.["globalSecondaryIndexes"] ?? []) as Record<string, unknown>[];
      expect(made, name).toEqual(
        wanted.map(([index, { hashKey, rangeKey, holds }]) => ({
          name: index,
          hashKey,
          rangeKey,
          projectionType: holds === "items" ? "ALL" : "KEYS_ONLY",
        })),
      );
      const declared = (globalTable(name)?.["attributes"] ?? []) as { name: string; type: string }[];
      const types = Object.fromEntries(declared.map((attribute) => [attribute.name, attribute.type]));
      const keys = wanted.flatMap(([, { hashKey, rangeKey }]) => [hashKey, rangeKey]);
      expect(types, name).toEqual(Object.fromEntries(["pk", "sk", ...keys].map((key) => [key, "S"])));
    }
    expect(globalTable("Orders")?.["globalSecondaryIndexes"]).toHaveLength(2);
  });

  it("let carts and deliveries expire, and nothing else", () => {
    const expiring = globalTables.filter((name) => globalTable(name)?.["ttl"] !== undefined);
    expect(expiring).toEqual(["Carts", "Stock"]);
    for (const name of expiring) {
      expect(globalTable(name)?.["ttl"]).toEqual({ attributeName: "expiresAt", enabled: true });
    }
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

  const allStatements = [...graphs.values()].flatMap((graph) =>
    ofType(graph, "aws:iam/role:Role").flatMap((role) =>
      ((input(role, "statements") ?? []) as unknown as GraphStatement[]).map((statement) => ({
        of: `${role.name} of ${graph.stage}`,
        role: role.name,
        statement,
      })),
    ),
  );
  const onTables = allStatements.filter(({ statement }) =>
    statement.resources.some((resource) => /^arn:aws:dynamodb:.*:table\/[^/]*$/.test(resource)),
  );

  it("to items name the partitions, unless they are to read a whole table", () => {
    expect(onTables.length).toBeGreaterThan(100);
    for (const { of, statement } of onTables) {
      if (statement.actions.join() === "dynamodb:Scan") continue;
      const prefixes = statement.conditions?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"];
      expect(prefixes?.length, `${of}: ${text(statement)}`).toBeGreaterThan(0);
      for (const prefix of prefixes ?? [])
        expect(prefix, of).toMatch(/^[A-Z]+#(?:[a-z0-9-]+#[1-9]|readiness)?\*$/);
    }
  });

  // The leading keys of such a query are the index's own: a table's prefixes would refuse every one.
  it("to an index are to query it, and say nothing of the table's partitions", () => {
    const onIndexes = allStatements.filter(({ statement }) =>
      statement.resources.some((resource) => resource.includes("/index/")),
    );
    const named = onIndexes.map(
      ({ role, statement }) => `${role} ${statement.resources.join().replace(/^.*\/index\//, "")}`,
    );
    expect([...new Set(named)].sort()).toEqual([
      "ApiRole byCategory",
      "CheckoutRole byShopper",
      "RepairRole byDue",
    ]);
    for (const { of, statement } of onIndexes) {
      expect(statement.actions, of).toEqual(["dynamodb:Query"]);
      expect(statement.conditions, of).toBeUndefined();
    }
  });

  it("to stock and orders are not the browsing function's, and of Control it may write its own region's word alone", () => {
    for (const { of, role, statement } of allStatements) {
      if (role !== "ApiRole") continue;
      expect(statement.resources.join(), of).not.toMatch(/-(Stock|Orders)\b/);
      if (/-Control\b/.test(statement.resources.join())) {
        const keys = statement.conditions?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"]?.join();
        const isOwn = /^REGION#[a-z0-9-]+#1\*$/.test(keys ?? "");
        expect(statement.actions, of).toEqual([isOwn ? "dynamodb:PutItem" : "dynamodb:Query"]);
      }
      expect(statement.actions.join(), of).not.toContain("lambda:");
    }
  });

  it("in other regions are to read, to ask the Peer function, and to tell of alarms", () => {
    for (const region of regionNames) {
      const abroad = allStatements.filter(
        ({ of, statement }) =>
          of.endsWith(` of prod-${region}`) &&
          statement.resources.some((resource) => (resource.split(":")[3] || region) !== region) &&
          statement.actions.join() !== "wafv2:GetWebACL", // a CDN's firewall is in us-east-1, whoever reads it
      );
      expect(abroad.length).toBeGreaterThan(0);
      for (const { of, statement } of abroad) {
        expect(
          ["dynamodb:GetItem", "dynamodb:Query", "events:PutEvents", "lambda:InvokeFunction"],
          `${of}: ${text(statement)}`,
        ).toContain(statement.actions.join());
        const regionsAsked = statement.resources.map((resource) => resource.split(":")[3]);
        expect(regionsAsked, of).toEqual(regionNames.filter((name) => name !== region));
      }
    }
    // A stage of one region has nobody to ask. The bus that it announces on is its region's, and a key's ARN is no name.
    const keys = ofType(graphOf("alice"), "aws:kms/key:Key").map(({ arn }) => arn);
    const own = ["arn:aws:events:us-east-1:111122223333:event-bus/default", ...keys];
    for (const { of, statement } of allStatements.filter((one) => one.of.endsWith(" of alice"))) {
      const elsewhere = statement.resources.filter(
        (resource) => !resource.includes("me-alice") && !own.includes(resource),
      );
      expect(elsewhere, of).toEqual([]);
    }
  });

  it("lets only Lambda assume a role, and EventBridge the one that tells other regions' buses", () => {
    for (const graph of graphs.values()) {
      for (const role of ofType(graph, "aws:iam/role:Role")) {
        const trust = (input(role, "trust") ?? []) as unknown as GraphStatement[];
        const service = role.name === "NewsAbroadRole" ? "events.amazonaws.com" : "lambda.amazonaws.com";
        expect(
          trust.map(({ effect, principals, actions }) => ({ effect, principals, actions })),
          `${role.name} of ${graph.stage}`,
        ).toEqual([{ effect: "Allow", principals: { Service: [service] }, actions: ["sts:AssumeRole"] }]);
      }
    }
  });

  it("lets a table's key be used through DynamoDB only, and within the account", () => {
    expect(tablesKeys.map((key) => key.region).sort()).toEqual([...regionNames].sort());
    for (const key of tablesKeys) {
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
  it.each(stages)("%s", (stage) => {
    const graph = graphOf(stage);
    expect(ofType(graph, "aws:lambda/functionUrl:FunctionUrl")).toEqual([]);
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

describe("peers", () => {
  it.each(regionNames)("are linked by the names that their own stages give them: %s", (region) => {
    const others = regionNames.filter((name) => name !== region);
    const links = functionsOf(inRegion(region)).flatMap(({ name, function: code }) =>
      code?.links["Peers"] === undefined ? [] : [[name, code.links["Peers"]["functions"]] as const],
    );
    const expected = Object.fromEntries(
      others.map((other) => {
        const peer = functionsOf(inRegion(other)).find(({ name }) => name === "PeerFunction");
        return [other, peer && input(peer, "name")];
      }),
    );
    expect(links.map(([name]) => name).sort()).toEqual(
      ["Checkout", "Reclaim"].map((name) => `${name}Function`),
    );
    for (const [name, functions] of links) expect(functions, name).toEqual(expected);
  });

  it.each(regionNames)("are asked by those who are linked to them, and by nobody else: %s", (region) => {
    const asking = ofType(inRegion(region), "aws:iam/role:Role").filter((role) =>
      ((input(role, "statements") ?? []) as unknown as GraphStatement[]).some(
        ({ actions, resources }) =>
          actions.includes("lambda:InvokeFunction") &&
          resources.some((resource) => shortName(resource) === "Peer"),
      ),
    );
    expect(asking.map(({ name }) => name).sort()).toEqual(["CheckoutRole", "ReclaimRole"]);
  });
});

describe("links to tables", () => {
  const tableName = /:table\/antipode-prod-([A-Za-z]+)(?:\/index\/.*)?$/;

  it.each(regionNames)("are of those that a function has a right to, and no others: %s", (region) => {
    for (const { name, function: code } of functionsOf(inRegion(region))) {
      const role = ofType(inRegion(region), "aws:iam/role:Role").find(
        (entry) => entry.name === name.replace(/Function$/, "Role"),
      );
      const statements = (input(role as GraphResource, "statements") ?? []) as unknown as GraphStatement[];
      const allowed = statements.flatMap(({ resources }) =>
        resources.flatMap((resource) => tableName.exec(resource)?.[1] ?? []),
      );
      const linked = Object.keys(code?.links ?? {}).filter((link) =>
        [...globalTables, ...regionalTables].includes(link),
      );
      expect(linked.sort(), name).toEqual([...new Set(allowed)].sort());
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
        "antipode.example", // the hosted zone, which no stage owns
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
  const secretLinks = (graph: Graph) =>
    functionsOf(graph).flatMap((resource) =>
      Object.entries(resource.function?.links ?? {})
        .filter(([, link]) => link["type"] === "sst.sst.Secret")
        .map(([secret, link]) => ({
          secret,
          value: link["value"],
          to: resource.name.replace(/Function$/, ""),
        })),
    );

  it.each(stages)("are linked to those that need them alone, and are not in the graph: %s", (stage) => {
    const links = secretLinks(graphOf(stage));
    const linkedTo = (secret: string) =>
      links
        .filter((link) => link.secret === secret)
        .map(({ to }) => to)
        .sort();
    expect([...new Set(links.map(({ secret }) => secret))].sort()).toEqual([
      "PaymentKey",
      "PaymentWebhookSecret",
      "SessionKeys",
    ]);
    expect(linkedTo("SessionKeys")).toEqual(["Api", "Checkout"]);
    expect(linkedTo("PaymentWebhookSecret")).toEqual(["Checkout"]);
    expect(linkedTo("PaymentKey")).toEqual(["Checkout", "OrdersDispatcher", "Peer", "Repair"]);
    expect(new Set(links.map(({ value }) => value))).toEqual(new Set([secretMark]));
    for (const resource of functionsOf(graphOf(stage))) {
      expect(Object.keys(resource.function?.environment ?? {})).not.toContain("SST_KEY");
    }
  });
});
