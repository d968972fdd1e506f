import { describe, expect, it } from "vitest";
import { GraphError } from "../graph/load.ts";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { committedGraphs, worldRegions } from "../testing/start-world.ts";
import { planWorld } from "./plan.ts";

const secrets = { SessionKeys: "[]" };
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
    expect(plan.apis.map((api) => [api.region, api.routes.map((route) => route.routeKey)])).toEqual(
      worldRegions.map((own) => [own, ["$default"]]),
    );
  });

  it("puts secrets where the graph has marks", () => {
    const api = plan.functions.find((one) => one.name === `antipode-prod-${region}-Api`);
    expect(api?.links["SessionKeys"]).toMatchObject({ value: "[]" });
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

  it("an API whose permission to invoke was removed", () => {
    const [permission] = committedGraphs().flatMap((graph) =>
      graph.resources.filter(
        (one) => one.type === "aws:lambda/permission:Permission" && one.region === region,
      ),
    );
    expect(refusal(changed(permission?.name ?? "", () => undefined))).toMatch(
      /may not invoke antipode-prod-eu-west-1-Api/,
    );
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

  it("a secret that nobody set", () => {
    expect(() => planWorld(committedGraphs(), {})).toThrow("ApiFunction needs a secret SessionKeys");
  });
});
