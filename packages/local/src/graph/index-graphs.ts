import { GraphError } from "./load.ts";
import type { Graph, GraphResource } from "./schema.ts";

/** All stages of an environment as one whole: wiring crosses stages, so names are resolved over all of them. */
export interface GraphIndex {
  readonly graphs: readonly Graph[];
  all(type: string): readonly GraphResource[];
  /** The resource of that ARN. Throws a GraphError naming who asked when there is none. */
  byArn(arn: string, askedBy: GraphResource): GraphResource;
  /** The resource of that type and provider id in the region of the one that asks. */
  byId(type: string, id: string, askedBy: GraphResource): GraphResource;
}

export function indexGraphs(graphs: readonly Graph[]): GraphIndex {
  const resources = graphs.flatMap((graph) => graph.resources);
  const byArn = new Map(
    resources.flatMap((resource) => (resource.arn ? [[resource.arn, resource] as const] : [])),
  );
  return {
    graphs,
    all: (type) => resources.filter((resource) => resource.type === type),
    byArn(arn, askedBy) {
      const found = byArn.get(arn);
      if (!found) throw dangling(askedBy, arn);
      return found;
    },
    byId(type, id, askedBy) {
      const found = resources.find(
        (resource) => resource.type === type && resource.id === id && resource.region === askedBy.region,
      );
      if (!found) throw dangling(askedBy, `${type} ${id}`);
      return found;
    },
  };
}

/** The error for a resource that refers to something no stage has. */
export function dangling(from: GraphResource, target: string): GraphError {
  return new GraphError(
    `${from.name} (${from.type}) in ${from.region} refers to ${target}, which no stage deploys: mend infra/ and run "npm run graph"`,
  );
}
