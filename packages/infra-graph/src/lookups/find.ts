import type { Graph, JsonObject } from "../format.ts";
import { isJsonObject } from "../monitor/plain.ts";

/** A resource that look-ups may find, in a graph or in the evaluation that is running. */
export interface Candidate {
  readonly type: string;
  readonly region: string;
  readonly id: string;
  readonly arn: string | undefined;
  /** Inputs and outputs together. */
  readonly state: JsonObject;
}

export interface Wanted {
  readonly type: string;
  /** Name, id or ARN. */
  readonly key: string;
  readonly region: string;
}

/** Services without regions: a look-up from any region finds them. */
const globalTypes = /^aws:(iam|route53|cloudfront|globalaccelerator)\//;

export function candidatesOf(graph: Graph): Candidate[] {
  return graph.resources.map((resource) => ({
    type: resource.type,
    region: resource.region,
    id: resource.id ?? "",
    arn: resource.arn,
    state: { ...resource.inputs, ...resource.outputs },
  }));
}

/** A global table exists in the regions of its replicas too, under each region's ARN. */
function replicasOf(candidate: Candidate): Candidate[] {
  const replicas = candidate.state["replicas"];
  if (candidate.type !== "aws:dynamodb/table:Table" || !Array.isArray(replicas)) {
    return [];
  }
  return replicas.filter(isJsonObject).map((replica) => ({
    ...candidate,
    region: String(replica["regionName"]),
    arn: typeof replica["arn"] === "string" ? replica["arn"] : undefined,
    state: { ...candidate.state, arn: replica["arn"] ?? "", streamArn: replica["streamArn"] ?? "" },
  }));
}

/** The resource of this type that the region answers for under this name, id or ARN. */
export function findResource(candidates: readonly Candidate[], wanted: Wanted): Candidate | undefined {
  return candidates
    .filter((candidate) => candidate.type === wanted.type)
    .flatMap((candidate) => [candidate, ...replicasOf(candidate)])
    .find(
      ({ region, id, arn, state }) =>
        (region === wanted.region || globalTypes.test(wanted.type)) &&
        [id, arn, state["name"]].some((known) => known === wanted.key),
    );
}
