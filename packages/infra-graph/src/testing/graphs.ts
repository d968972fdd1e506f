import type { Graph, GraphLookup, GraphResource } from "../format.ts";

/** A graph of the given parts, for tests. */
export function graphOf(
  stage: string,
  region: string,
  resources: readonly GraphResource[] = [],
  lookups: readonly GraphLookup[] = [],
): Graph {
  return { version: 1, app: "fixture", stage, region, tags: {}, resources, lookups };
}

/** A global table with replicas, as a stage that owns it has it. */
export function tableOf(name: string, region: string, replicas: readonly string[] = []): GraphResource {
  const arnIn = (place: string): string => `arn:aws:dynamodb:${place}:111122223333:table/${name}`;
  return {
    type: "aws:dynamodb/table:Table",
    name: "OrdersTable",
    region,
    id: name,
    arn: arnIn(region),
    inputs: { name },
    outputs: {
      replicas: replicas.map((place) => ({
        regionName: place,
        arn: arnIn(place),
        streamArn: `${arnIn(place)}/stream/1`,
      })),
    },
  };
}

/** A stage's read of a table that another stage owns. */
export function tableRead(name: string, region: string): GraphLookup {
  return {
    type: "aws:dynamodb/table:Table",
    name: "OrdersTable",
    region,
    key: { id: name },
    result: { name },
  };
}
