import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { TableDefinition } from "../services/dynamodb/table-definition.ts";

export const tableType = "aws:dynamodb/table:Table";

export interface PlannedTable {
  readonly region: string;
  readonly definition: TableDefinition;
}

const scalar = z.enum(["S", "N", "B"]);

const inputsShape = z.object({
  name: z.string(),
  attributes: z.array(z.object({ name: z.string(), type: scalar })),
  hashKey: z.string(),
  rangeKey: z.string().optional(),
  globalSecondaryIndexes: z
    .array(
      z.object({
        name: z.string(),
        hashKey: z.string(),
        rangeKey: z.string().optional(),
        projectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
        nonKeyAttributes: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  localSecondaryIndexes: z.array(z.unknown()).max(0, "local secondary indexes are not run").default([]),
  streamEnabled: z.boolean().default(false),
  streamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]).optional(),
  ttl: z.object({ attributeName: z.string(), enabled: z.boolean() }).optional(),
  replicas: z
    .array(
      z.object({
        regionName: z.string(),
        kmsKeyArn: z.string().optional(),
        pointInTimeRecovery: z.boolean().default(false),
        deletionProtectionEnabled: z.boolean().default(false),
      }),
    )
    .default([]),
  pointInTimeRecovery: z.object({ enabled: z.boolean() }).optional(),
  serverSideEncryption: z.object({ enabled: z.boolean(), kmsKeyArn: z.string().optional() }).optional(),
  deletionProtectionEnabled: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
});

const outputsShape = z.object({
  streamArn: z.string().optional(),
  replicas: z
    .array(z.object({ regionName: z.string(), arn: z.string(), streamArn: z.string().optional() }))
    .default([]),
});

type Inputs = z.infer<typeof inputsShape>;

/** Every table in every region: a global table is one resource with a replica in each other region. */
export function planTables(index: GraphIndex): PlannedTable[] {
  const tables = index.all(tableType).flatMap(planTable);
  const seen = new Set<string>();
  for (const { region, definition } of tables) {
    const key = `${region} ${definition.name}`;
    if (seen.has(key)) throw new GraphError(`two stages deploy a table ${definition.name} in ${region}`);
    seen.add(key);
  }
  return tables;
}

function planTable(resource: GraphResource): PlannedTable[] {
  const inputs = readPart(resource, "inputs", inputsShape);
  const outputs = readPart(resource, "outputs", outputsShape);
  const regions = [resource.region, ...inputs.replicas.map((replica) => replica.regionName)];
  const shared = schemaOf(inputs);
  const copy = (region: string, own: OwnPart): PlannedTable => ({
    region,
    definition: {
      ...shared,
      arn: own.arn,
      ...(own.streamArn && inputs.streamViewType
        ? { stream: { arn: own.streamArn, viewType: inputs.streamViewType } }
        : {}),
      replicas: regions.filter((other) => other !== region),
      ...(own.kmsKeyArn ? { kmsKeyArn: own.kmsKeyArn } : {}),
      pointInTimeRecovery: own.pointInTimeRecovery,
      deletionProtection: own.deletionProtection,
    },
  });
  const home = copy(resource.region, {
    arn: arnOf(resource),
    streamArn: outputs.streamArn,
    kmsKeyArn: inputs.serverSideEncryption?.kmsKeyArn,
    pointInTimeRecovery: inputs.pointInTimeRecovery?.enabled ?? false,
    deletionProtection: inputs.deletionProtectionEnabled,
  });
  const replicas = inputs.replicas.map((replica) => {
    const output = outputs.replicas.find((entry) => entry.regionName === replica.regionName);
    if (!output) throw new GraphError(`${resource.name} has no ARN for its replica in ${replica.regionName}`);
    return copy(replica.regionName, {
      arn: output.arn,
      streamArn: output.streamArn,
      kmsKeyArn: replica.kmsKeyArn,
      pointInTimeRecovery: replica.pointInTimeRecovery,
      deletionProtection: replica.deletionProtectionEnabled,
    });
  });
  return [home, ...replicas];
}

interface OwnPart {
  readonly arn: string;
  readonly streamArn: string | undefined;
  readonly kmsKeyArn: string | undefined;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
}

function schemaOf(inputs: Inputs) {
  return {
    name: inputs.name,
    hashKey: inputs.hashKey,
    ...(inputs.rangeKey ? { rangeKey: inputs.rangeKey } : {}),
    attributes: Object.fromEntries(inputs.attributes.map(({ name, type }) => [name, type])),
    globalSecondaryIndexes: inputs.globalSecondaryIndexes.map((gsi) => ({
      name: gsi.name,
      hashKey: gsi.hashKey,
      ...(gsi.rangeKey ? { rangeKey: gsi.rangeKey } : {}),
      projection:
        gsi.projectionType === "INCLUDE"
          ? ({ type: "INCLUDE", attributes: gsi.nonKeyAttributes ?? [] } as const)
          : ({ type: gsi.projectionType } as const),
    })),
    ...(inputs.ttl?.enabled ? { ttlAttribute: inputs.ttl.attributeName } : {}),
    tags: inputs.tags,
  };
}
