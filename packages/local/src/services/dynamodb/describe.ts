import { createHash } from "node:crypto";
import type { JsonObject, KeySchema } from "../../engine/engine.ts";
import { AwsError } from "../service.ts";
import type { Replica } from "./replica.ts";

export function keySchema(schema: KeySchema): readonly JsonObject[] {
  return [
    { AttributeName: schema.hashKey, KeyType: "HASH" },
    ...(schema.rangeKey === undefined ? [] : [{ AttributeName: schema.rangeKey, KeyType: "RANGE" }]),
  ];
}

/** The stream's label: the last part of its ARN. */
export function streamLabel(streamArn: string): string {
  return streamArn.slice(streamArn.lastIndexOf("/") + 1);
}

/** The same identifier for the same ARN, in the form of a UUID. */
function tableIdOf(arn: string): string {
  return createHash("md5")
    .update(arn)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const onDemand = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

/** The answer of DescribeTable. */
export function describeTable(replica: Replica): JsonObject {
  const { definition } = replica;
  const createdAtS = replica.createdAtMs / 1000;
  return {
    Table: {
      TableName: definition.name,
      TableArn: definition.arn,
      TableId: tableIdOf(definition.arn),
      TableStatus: "ACTIVE",
      CreationDateTime: createdAtS,
      AttributeDefinitions: Object.entries(definition.attributes).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: keySchema(definition),
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: createdAtS },
      ProvisionedThroughput: onDemand,
      ItemCount: replica.itemCount(),
      TableSizeBytes: replica.sizeBytes(),
      DeletionProtectionEnabled: definition.deletionProtection,
      ...(definition.globalSecondaryIndexes.length === 0
        ? {}
        : { GlobalSecondaryIndexes: indexesOf(replica) }),
      ...streamOf(replica),
      ...(definition.kmsKeyArn === undefined
        ? {}
        : { SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: definition.kmsKeyArn } }),
      ...(definition.replicas.length === 0
        ? {}
        : {
            GlobalTableVersion: "2019.11.21",
            Replicas: definition.replicas.map((RegionName) => ({ RegionName, ReplicaStatus: "ACTIVE" })),
          }),
    },
  };
}

function indexesOf({ definition }: Replica): readonly JsonObject[] {
  return definition.globalSecondaryIndexes.map((index) => ({
    IndexName: index.name,
    IndexArn: `${definition.arn}/index/${index.name}`,
    IndexStatus: "ACTIVE",
    KeySchema: keySchema(index),
    Projection: {
      ProjectionType: index.projection.type,
      ...(index.projection.type === "INCLUDE" ? { NonKeyAttributes: index.projection.attributes } : {}),
    },
    ProvisionedThroughput: onDemand,
  }));
}

function streamOf({ definition: { stream } }: Replica): JsonObject {
  if (stream === undefined) return {};
  return {
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
    LatestStreamArn: stream.arn,
    LatestStreamLabel: streamLabel(stream.arn),
  };
}

export function describeTimeToLive({ definition: { ttlAttribute } }: Replica): JsonObject {
  return {
    TimeToLiveDescription:
      ttlAttribute === undefined
        ? { TimeToLiveStatus: "DISABLED" }
        : { TimeToLiveStatus: "ENABLED", AttributeName: ttlAttribute },
  };
}

export function describeContinuousBackups({ definition }: Replica): JsonObject {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: definition.pointInTimeRecovery ? "ENABLED" : "DISABLED",
      },
    },
  };
}

export function listTags({ definition }: Replica): JsonObject {
  return { Tags: Object.entries(definition.tags).map(([Key, Value]) => ({ Key, Value })) };
}

const tableNamesMax = 100;

export function listTables(names: readonly string[], request: JsonObject): JsonObject {
  const limit = request["Limit"] ?? tableNamesMax;
  if (typeof limit !== "number" || limit < 1 || limit > tableNamesMax) {
    throw new AwsError("ValidationException", `Limit must be between 1 and ${tableNamesMax}`);
  }
  const start = request["ExclusiveStartTableName"];
  const left = [...names].sort().filter((name) => typeof start !== "string" || name > start);
  const page = left.slice(0, limit);
  return { TableNames: page, ...(left.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) };
}
