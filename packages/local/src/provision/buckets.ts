import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";

export const bucketType = "aws:s3/bucket:Bucket";

export interface PlannedBucket {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
}

const inputsShape = z.object({ bucket: z.string() });

export function planBuckets(index: GraphIndex): PlannedBucket[] {
  return index.all(bucketType).map((resource) => ({
    region: resource.region,
    name: readPart(resource, "inputs", inputsShape).bucket,
    arn: arnOf(resource),
  }));
}
