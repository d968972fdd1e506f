import { describe, expect, it } from "vitest";
import { GraphError } from "../graph/load.ts";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { committedGraphs, worldRegions } from "../testing/start-world.ts";
import { planWorld } from "./plan.ts";

const secrets = { SessionKeys: "[]", PaymentKey: "sk", PaymentWebhookSecret: "whsec" };
const region = "eu-west-1";

/** The committed graphs with one resource of the European stage (or of a given one) changed, or removed. */
function changed(
  name: string,
  change: (resource: GraphResource) => GraphResource | undefined,
  stageRegion: string = region,
): Graph[] {
  let found = 0;
  const graphs = committedGraphs().map((graph) => {
    if (graph.region !== stageRegion) return graph;
    const resources = graph.resources.flatMap((resource) => {
      if (resource.name !== name) return [resource];
      found += 1;
      return change(resource) ?? [];
    });
    return { ...graph, resources };
  });
  expect(found, `${name} is in the graph once`).toBe(1);
  return graphs;
}

const refusal = (graphs: Graph[]) => {
  try {
    planWorld(graphs, secrets);
    return "nothing was refused";
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    return message;
  }
};

const withInputs = (inputs: Record<string, unknown>) => (resource: GraphResource) => ({
  ...resource,
  inputs: { ...resource.inputs, ...inputs },
});

describe("the plan of the committed graphs", () => {
  const plan = planWorld(committedGraphs(), secrets);

  it("calls one function of each region when its stage is first deployed", () => {
    expect(plan.invocations.map(({ region: own, functionArn }) => [own, functionArn.split(":")[6]])).toEqual(
      worldRegions.map((own) => [own, `antipode-prod-${own}-Backfill`]),
    );
  });

  it("has every table in every region, a global one with its peers", () => {
    for (const name of ["Catalog", "Carts", "Stock", "Orders", "Control"]) {
      const copies = plan.tables.filter(({ definition }) => definition.name === `antipode-prod-${name}`);
      expect(copies.map((copy) => copy.region)).toEqual(worldRegions);
      for (const { region: own, definition } of copies) {
        expect([...definition.replicas].sort()).toEqual(worldRegions.filter((other) => other !== own).sort());
        expect(definition.stream?.viewType).toBe("NEW_AND_OLD_IMAGES");
        expect(definition.arn).toContain(`:${own}:`);
      }
    }
    expect(plan.tables).toHaveLength(8 * worldRegions.length);
  });

  it("subscribes five dispatchers a region, and gives each API its function", () => {
    expect(plan.mappings).toHaveLength(5 * worldRegions.length);
    const leads = ({ region: own, routes }: (typeof plan.apis)[number]) =>
      routes.map(({ routeKey, functionArn }) => `${routeKey} → ${functionArn.split(`${own}-`)[1]}`).sort();
    expect(plan.apis.map((api) => [api.region, leads(api)])).toEqual(
      worldRegions.map((own) => [
        own,
        [
          "$default → Api",
          "ANY /docs → Docs",
          "ANY /docs/{proxy+} → Docs",
          "ANY /openapi.json → Docs",
          "ANY /v1/carts/{cartId}/checkout → Checkout",
          "ANY /v1/orders → Checkout",
          "ANY /v1/orders/{proxy+} → Checkout",
          "ANY /v1/payments/webhook → Checkout",
          "ANY /v1/stock/{proxy+} → Checkout",
          "GET /drain-votes/{region} → Health",
          "GET /health → Health",
          "GET /ramped → Health",
          "GET /ready → Api",
          "GET /v1/carts/{cartId} → Api",
          "GET /v1/products → Api",
          "GET /v1/products/{productId} → Api",
          "POST /v1/carts/{cartId}/lines → Api",
        ],
      ]),
    );
  });

  it("runs three functions of each region every minute", () => {
    expect(
      plan.schedules.map(({ region: own, functionName, periodMs, enabled }) => [
        own,
        functionName,
        periodMs,
        enabled,
      ]),
    ).toEqual(
      worldRegions.flatMap((own) =>
        ["Heartbeat", "Prober", "Repair"].map((name) => [own, `antipode-prod-${own}-${name}`, 60_000, true]),
      ),
    );
  });

  it("has eighteen functions a region", () => {
    expect(plan.functions).toHaveLength(18 * worldRegions.length);
  });

  it("measures routes by themselves where the stage, or its settings of the route, say so", () => {
    const none = { defaultRouteSettings: undefined, routeSettings: [] };
    const measured = (inputs: Record<string, unknown>) =>
      planWorld(changed("ShopApiStage", withInputs({ ...none, ...inputs })), secrets)
        .apis.filter((api) => api.region === region)
        .flatMap(({ routes }) => routes.flatMap((route) => (route.detailedMetrics ? [route.routeKey] : [])));
    const on = { detailedMetricsEnabled: true };
    expect(measured({})).toEqual([]);
    expect(measured({ routeSettings: [{ routeKey: "ANY /docs", ...on }] })).toEqual(["ANY /docs"]);
    expect(
      measured({
        defaultRouteSettings: on,
        routeSettings: [{ routeKey: "$default", throttlingRateLimit: 9 }],
      }),
    ).not.toContain("$default");
    expect(measured({ defaultRouteSettings: on })).toHaveLength(
      plan.apis.find((api) => api.region === region)?.routes.length ?? 0,
    );
  });

  it("takes every setting of a mapping from the graph", () => {
    const mapping = plan.mappings.find(
      (one) => one.region === region && one.name === "CartsDispatcherStream",
    );
    expect(mapping).toEqual({
      uuid: expect.any(String),
      name: "CartsDispatcherStream",
      region,
      table: "antipode-prod-Carts",
      streamArn: `arn:aws:dynamodb:${region}:111122223333:table/antipode-prod-Carts/stream/2026-01-01T00:00:00.000`,
      functionArn: `arn:aws:lambda:${region}:111122223333:function:antipode-prod-${region}-CartsDispatcher`,
      functionName: `antipode-prod-${region}-CartsDispatcher`,
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      filters: ['{"eventName":["INSERT","MODIFY"]}'],
      reportBatchItemFailures: true,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 8,
      maximumRecordAgeInSeconds: 82_800,
      countsEvents: true,
      failureBucket: `antipode-prod-${region}-failed-batches-111122223333`,
    });
  });

  it("takes conditions of statements, concurrency, time to live and indexes from the graph", () => {
    const api = plan.functions.find((one) => one.name === `antipode-prod-${region}-Api`);
    expect(api?.statements).toContainEqual({
      effect: "Allow",
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [`arn:aws:dynamodb:${region}:111122223333:table/antipode-prod-Carts`],
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["CART#*"] } },
    });
    expect(api?.concurrency).toBeGreaterThan(1);
    expect(plan.functions.find((one) => one.name.endsWith("Health"))?.concurrency).toBe(api?.concurrency);
    expect(plan.functions.find((one) => one.name.endsWith("CartsDispatcher"))?.concurrency).toBe(1);
    const table = (name: string) =>
      plan.tables.find((one) => one.region === region && one.definition.name === `antipode-prod-${name}`)
        ?.definition;
    expect(table("Carts")?.ttlAttribute).toBe("expiresAt");
    expect(table("Stock")?.ttlAttribute).toBe("expiresAt");
    expect(table("Catalog")?.ttlAttribute).toBeUndefined();
    expect(table("Orders")?.globalSecondaryIndexes).toEqual([
      { name: "byShopper", hashKey: "shopper", rangeKey: "listedAt", projection: { type: "KEYS_ONLY" } },
      { name: "byDue", hashKey: "openBy", rangeKey: "dueAt", projection: { type: "KEYS_ONLY" } },
    ]);
    expect(table("Views")?.globalSecondaryIndexes).toEqual([
      { name: "byCategory", hashKey: "category", rangeKey: "listKey", projection: { type: "ALL" } },
    ]);
  });

  it("lets a function have no more instances than were reserved for it, and no more than a laptop has", () => {
    const instances = (reservedConcurrentExecutions: number) =>
      planWorld(
        changed("HealthFunction", withInputs({ reservedConcurrentExecutions })),
        secrets,
      ).functions.find((one) => one.name === `antipode-prod-${region}-Health`)?.concurrency;
    expect([1, 2, 100].map(instances)).toEqual([1, 2, 4]);
    expect(refusal(changed("HealthFunction", withInputs({ reservedConcurrentExecutions: 0 })))).toMatch(
      /^HealthFunction .*would never run/,
    );
  });

  it("puts secrets where the graph has marks", () => {
    const api = plan.functions.find((one) => one.name === `antipode-prod-${region}-Api`);
    expect(api?.links["SessionKeys"]).toMatchObject({ value: "[]" });
    const checkout = plan.functions.find((one) => one.name === `antipode-prod-${region}-Checkout`);
    expect(checkout?.links).toMatchObject({
      PaymentKey: { value: "sk" },
      PaymentWebhookSecret: { value: "whsec" },
    });
    expect(JSON.stringify(plan.functions)).not.toContain("[secret]");
  });

  it("names what it does not run", () => {
    const types = plan.notRun.map((entry) => entry.type);
    expect(types).toContain("aws:acm/certificate:Certificate");
    expect(types).not.toContain("aws:dynamodb/table:Table");
    expect(plan.notRun.every((entry) => entry.count > 0 && entry.names.length > 0)).toBe(true);
  });
});

describe("a graph that leads nowhere is refused in one line that names it", () => {
  it("a stream that no table has", () => {
    const graphs = changed(
      "CartsDispatcherStream",
      withInputs({ eventSourceArn: "arn:aws:dynamodb:x:1:table/gone/stream/1" }),
    );
    expect(refusal(graphs)).toMatch(
      /^CartsDispatcherStream .* eu-west-1 refers to arn:aws:dynamodb:x:1:table\/gone/,
    );
  });

  it("a replica that the home stage does not create", () => {
    const graphs = changed(
      "GlobalCartsTable",
      (table) => ({
        ...table,
        inputs: {
          ...table.inputs,
          replicas: (table.inputs["replicas"] as { regionName: string }[]).filter(
            (one) => one.regionName !== region,
          ),
        },
      }),
      "us-east-1",
    );
    expect(refusal(graphs)).toMatch(/^CartsDispatcherStream .* eu-west-1 refers to .*antipode-prod-Carts/);
  });

  it("a table with another name", () => {
    const graphs = changed(
      "GlobalCatalogTable",
      (table) => ({
        ...table,
        arn: table.arn?.replace("Catalog", "Katalog") ?? "",
        outputs: JSON.parse(JSON.stringify(table.outputs).replaceAll("Catalog", "Katalog")),
      }),
      "us-east-1",
    );
    expect(refusal(graphs)).toMatch(/^CatalogDispatcherStream .* refers to .*antipode-prod-Catalog/);
  });

  it("a dispatcher that may not read its stream", () => {
    const graphs = changed("StockDispatcherRole", withInputs({ statements: [] }));
    expect(refusal(graphs)).toMatch(
      /^StockDispatcherStream in eu-west-1 cannot work\. .* dynamodb:DescribeStream/,
    );
  });

  it("a dispatcher that may not write to the failure bucket", () => {
    const graphs = changed("OrdersDispatcherRole", (role) => ({
      ...role,
      inputs: {
        ...role.inputs,
        statements: (role.inputs["statements"] as { actions: string[] }[]).filter(
          (one) => !one.actions.includes("s3:PutObject"),
        ),
      },
    }));
    expect(refusal(graphs)).toMatch(/^OrdersDispatcherStream in eu-west-1 cannot work\. .* s3:PutObject/);
  });

  it("a failure destination that is not there", () => {
    expect(refusal(changed("FailedBatchesBucket", () => undefined))).toMatch(
      /Stream .* refers to arn:aws:s3:::antipode-prod-eu-west-1/,
    );
  });

  it("an API whose permissions to invoke were removed", () => {
    const isPermission = (one: GraphResource) =>
      one.type === "aws:lambda/permission:Permission" &&
      one.region === region &&
      one.inputs["principal"] === "apigateway.amazonaws.com" &&
      String(one.inputs["function"]).endsWith("-Api");
    const graphs = committedGraphs().map((graph) => ({
      ...graph,
      resources: graph.resources.filter((one) => !isPermission(one)),
    }));
    expect(refusal(graphs)).toMatch(/may not invoke antipode-prod-eu-west-1-Api/);
  });

  it("another region's stream, which AWS would not let it read", () => {
    const graphs = changed("CartsDispatcherStream", (mapping) => ({
      ...mapping,
      inputs: JSON.parse(JSON.stringify(mapping.inputs).replace(`dynamodb:${region}`, "dynamodb:us-east-1")),
    }));
    expect(refusal(graphs)).toMatch(/^CartsDispatcherStream .* refers to arn:aws:dynamodb:us-east-1/);
  });

  it.each([
    [{ batchSize: 20_000 }, /would be refused: batchSize/],
    [{ filterCriteria: { filters: [{ pattern: "{" }] } }, /would be refused: Invalid filter/],
    [{ enabled: false }, /a disabled mapping is not run/],
    [{ parallelizationFactor: 4 }, /one batch a shard/],
  ])("a mapping with %j", (inputs, message) => {
    expect(refusal(changed("StockDispatcherStream", withInputs(inputs)))).toMatch(message);
  });

  it("a route to a function whose name only begins alike", () => {
    const [integration] = committedGraphs().flatMap((graph) =>
      graph.resources.filter(
        (one) =>
          one.type.endsWith(":Integration") &&
          one.region === region &&
          String(one.inputs["integrationUri"]).endsWith("-Api"),
      ),
    );
    const graphs = changed(integration?.name ?? "", (one) => ({
      ...one,
      inputs: JSON.parse(JSON.stringify(one.inputs).replaceAll(`${region}-Api`, `${region}-ApiTwo`)),
    }));
    expect(refusal(graphs)).toMatch(/refers to .*ApiTwo/);
  });

  it("an API without a stage", () => {
    expect(refusal(changed("ShopApiStage", () => undefined))).toMatch(
      /^ShopApiApi in eu-west-1 has no stage/,
    );
  });

  it("a function without its role", () => {
    expect(refusal(changed("ApiRole", () => undefined))).toMatch(
      /^ApiFunction .* refers to arn:aws:iam::111122223333:role/,
    );
  });

  it("a call at deployment of a function that no stage has, or that would be repeated at each change", () => {
    expect(refusal(changed("BackfillStart", withInputs({ functionName: "Nobody" })))).toMatch(
      /^BackfillStart .* refers to Nobody/,
    );
    expect(refusal(changed("BackfillStart", withInputs({ lifecycleScope: "CRUD" })))).toMatch(
      /never changed/,
    );
  });

  it("a secret that nobody set", () => {
    expect(() => planWorld(committedGraphs(), {})).toThrow("ApiFunction needs a secret SessionKeys");
  });
});
