import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import {
  checkDefinition,
  type EventSourceMappingDefinition,
} from "../services/event-source-mapping/definition.ts";
import { compileFilters } from "../services/event-source-mapping/filter.ts";
import { firstDenial } from "../services/iam/evaluate.ts";
import { functionPrincipal } from "../services/iam/statement.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import type { PlannedBucket } from "./buckets.ts";
import type { PlannedTable } from "./tables.ts";

export const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

/** A mapping as the service runs it, and where in the world it belongs. */
export interface PlannedMapping extends EventSourceMappingDefinition {
  readonly name: string;
  readonly table: string;
  readonly functionName: string;
  readonly failureBucket?: string;
  /** Whether it publishes how many events it handled: only when it is told to. */
  readonly countsEvents: boolean;
}

const inputsShape = z.object({
  eventSourceArn: z.string(),
  functionName: z.string(),
  enabled: z.literal(true, "a disabled mapping is not run").default(true),
  parallelizationFactor: z.literal(1, "one batch a shard is run").default(1),
  tumblingWindowInSeconds: z.literal(0, "tumbling windows are not run").default(0),
  startingPosition: z.enum(["LATEST", "TRIM_HORIZON"]),
  batchSize: z.number().int().positive().default(100),
  maximumBatchingWindowInSeconds: z.number().default(0),
  filterCriteria: z.object({ filters: z.array(z.object({ pattern: z.string() })) }).optional(),
  functionResponseTypes: z.array(z.string()).default([]),
  bisectBatchOnFunctionError: z.boolean().default(false),
  maximumRetryAttempts: z.number().int().default(-1),
  maximumRecordAgeInSeconds: z.number().int().default(-1),
  metricsConfig: z.object({ metrics: z.array(z.string()) }).optional(),
  destinationConfig: z.object({ onFailure: z.object({ destinationArn: z.string() }) }).optional(),
});

export interface MappingContext {
  readonly tables: readonly PlannedTable[];
  readonly buckets: readonly PlannedBucket[];
  readonly functions: readonly FunctionDefinition[];
}

/** The subscriptions of functions to streams, refused where AWS would refuse to create them. */
export function planMappings(index: GraphIndex, context: MappingContext): PlannedMapping[] {
  return index.all(mappingType).map((resource) => planMapping(resource, context));
}

function planMapping(resource: GraphResource, context: MappingContext): PlannedMapping {
  const inputs = readPart(resource, "inputs", inputsShape);
  const table = context.tables.find(
    ({ region, definition }) =>
      region === resource.region && definition.stream?.arn === inputs.eventSourceArn,
  );
  if (!table) throw dangling(resource, inputs.eventSourceArn);
  const target = context.functions.find(
    ({ arn, name, region }) =>
      arn === inputs.functionName || (name === inputs.functionName && region === resource.region),
  );
  if (!target) throw dangling(resource, inputs.functionName);
  const destinationArn = inputs.destinationConfig?.onFailure.destinationArn;
  const bucket = context.buckets.find(({ arn }) => arn === destinationArn);
  if (destinationArn !== undefined && !bucket) throw dangling(resource, destinationArn);
  requireRights(resource, target, inputs.eventSourceArn, bucket);
  const mapping = {
    uuid: resource.id ?? resource.name,
    name: resource.name,
    region: resource.region,
    streamArn: inputs.eventSourceArn,
    table: table.definition.name,
    functionArn: target.arn,
    functionName: target.name,
    startingPosition: inputs.startingPosition,
    batchSize: inputs.batchSize,
    maximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds,
    filters: inputs.filterCriteria?.filters.map(({ pattern }) => pattern) ?? [],
    reportBatchItemFailures: inputs.functionResponseTypes.includes("ReportBatchItemFailures"),
    bisectBatchOnFunctionError: inputs.bisectBatchOnFunctionError,
    maximumRetryAttempts: inputs.maximumRetryAttempts,
    maximumRecordAgeInSeconds: inputs.maximumRecordAgeInSeconds,
    countsEvents: inputs.metricsConfig?.metrics.includes("EventCount") ?? false,
    ...(bucket ? { failureBucket: bucket.name } : {}),
  };
  requireAccepted(resource, mapping);
  return mapping;
}

/** What AWS would refuse of a mapping's settings. */
function requireAccepted(resource: GraphResource, mapping: PlannedMapping): void {
  try {
    checkDefinition(mapping);
    compileFilters(mapping.filters);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GraphError(`${resource.name} in ${resource.region} would be refused: ${why}`);
  }
}

const streamActions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];

/** Lambda reads the stream and files failures with the function's own role, and refuses a mapping without the rights. */
function requireRights(
  resource: GraphResource,
  target: FunctionDefinition,
  streamArn: string,
  bucket: PlannedBucket | undefined,
): void {
  const principal = functionPrincipal(target.roleArn, target.name, target.statements);
  const denial = firstDenial(principal, [
    ...streamActions.map((action) => ({ action: `dynamodb:${action}`, resource: streamArn })),
    ...(bucket
      ? [
          { action: "s3:PutObject", resource: `${bucket.arn}/aws/lambda/${resource.id}` },
          { action: "s3:ListBucket", resource: bucket.arn },
        ]
      : []),
  ]);
  if (denial) throw new GraphError(`${resource.name} in ${resource.region} cannot work. ${denial.message}`);
}
