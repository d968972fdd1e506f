/** The committed graphs, and how tests look into them. */
import { regions } from "../../packages/core/src/region/regions.ts";
import {
  committedStages,
  type Graph,
  type GraphResource,
  readGraph,
} from "../../packages/infra-graph/src/index.ts";

export const graphs: ReadonlyMap<string, Graph> = new Map(
  committedStages().map((stage) => [stage.name, readGraph(stage.name)]),
);
export const stages = [...graphs.keys()];
export const regionNames = regions.map((region) => region.name as string);

export function graphOf(stage: string): Graph {
  const graph = graphs.get(stage);
  if (!graph) throw new Error(`no graph of ${stage}`);
  return graph;
}

export const inRegion = (region: string) => graphOf(`prod-${region}`);
export const ofType = (graph: Graph, type: string) =>
  graph.resources.filter((resource) => resource.type === type);
export const input = (resource: GraphResource, name: string) => resource.inputs?.[name];

export const functionsOf = (graph: Graph) => ofType(graph, "aws:lambda/function:Function");

/** `Api` of `antipode-prod-eu-west-1-Api`, which may be the end of an ARN. */
export const shortName = (nameOrArn: unknown) => String(nameOrArn).replace(/^.*-/, "");

/** Of an API: route key → the function that its integration leads to. */
export function routesOf(graph: Graph): Readonly<Record<string, string>> {
  const integrations = new Map(
    ofType(graph, "aws:apigatewayv2/integration:Integration").map((one) => [`integrations/${one.id}`, one]),
  );
  return Object.fromEntries(
    ofType(graph, "aws:apigatewayv2/route:Route").map((route) => {
      const integration = integrations.get(String(input(route, "target")));
      return [
        String(input(route, "routeKey")),
        shortName(integration && input(integration, "integrationUri")),
      ];
    }),
  );
}
