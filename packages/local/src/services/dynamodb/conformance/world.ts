import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { TestTable } from "../../../testing/start-dynamo.ts";
import type { Differences } from "./differences.ts";

/** One implementation of DynamoDB and DynamoDB Streams, up and with the tables below in both regions. */
export interface ConformanceWorld {
  tables(region: string): DynamoDBClient;
  streams(region: string): DynamoDBStreamsClient;
  /** Lets time to live do its work; returns when what had expired may be gone. */
  expire(region: string): Promise<void>;
  close(): Promise<void>;
}

/** What a part of the suite gets: the world only exists once the tests run. */
export interface ConformanceContext {
  world(): ConformanceWorld;
  readonly differences: Differences;
}

export const conformanceRegions = ["us-east-1", "eu-west-1"] as const;
export const [home, other] = conformanceRegions;

/** Item keys are strings `pk` and `sk` where nothing else is said. */
export const conformanceTables = [
  {
    name: "items",
    attributes: { number: "N" },
    globalSecondaryIndexes: [
      { name: "whole", hashKey: "group", rangeKey: "order", projection: { type: "ALL" } },
      { name: "keys", hashKey: "group", projection: { type: "KEYS_ONLY" } },
      {
        name: "some",
        hashKey: "group",
        rangeKey: "number",
        projection: { type: "INCLUDE", attributes: ["extra"] },
      },
    ],
    ttlAttribute: "expiresAt",
  },
  { name: "numbered", rangeKey: "sk", attributes: { sk: "N" } },
  { name: "binary", rangeKey: null, attributes: { pk: "B" } },
  { name: "streamed" },
  { name: "expiring", ttlAttribute: "expiresAt" },
] as const satisfies readonly TestTable[];
