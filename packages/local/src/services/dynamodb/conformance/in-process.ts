import { Buffer } from "node:buffer";
import { createEmbeddedEngine } from "../../../engine/embedded/embedded.ts";
import type { JsonObject } from "../../../engine/engine.ts";
import { account, type ServiceRequest } from "../../service.ts";
import { createDynamoService, type DynamoFaults, type DynamoService } from "../dynamo-service.ts";
import type { TableDefinition } from "../table-definition.ts";

/** A clock that a test sets, region by region. */
export interface SetClock {
  now(region: string): number;
  set(region: string, ms: number): void;
}

export function createSetClock(startMs: number): SetClock {
  const nowByRegion = new Map<string, number>();
  return {
    now: (region) => nowByRegion.get(region) ?? startMs,
    set: (region, ms) => nowByRegion.set(region, ms),
  };
}

export function request(
  region: string,
  operation: string,
  body: JsonObject,
  api = "DynamoDB_20120810",
): ServiceRequest {
  return {
    region,
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: { "x-amz-target": `${api}.${operation}` },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The answer's body, or `{ error, message, … }`. */
export async function call(
  service: DynamoService,
  region: string,
  operation: string,
  body: JsonObject,
  api?: string,
) {
  const response = await service.handle(request(region, operation, body, api));
  const answer = JSON.parse(response.body.toString()) as Record<string, unknown>;
  if (response.status === 200) return answer;
  const { __type, ...rest } = answer;
  return { ...rest, error: String(__type).split("#").at(-1), status: response.status };
}

export const streamsApi = "DynamoDBStreams_20120810";

export function definition(region: string, more: Partial<TableDefinition> = {}): TableDefinition {
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${more.name ?? "carts"}`;
  return {
    name: "carts",
    arn,
    hashKey: "pk",
    rangeKey: "sk",
    attributes: { pk: "S", sk: "S" },
    globalSecondaryIndexes: [],
    stream: { arn: `${arn}/stream/2026-01-01T00:00:00.000`, viewType: "NEW_AND_OLD_IMAGES" },
    ttlAttribute: "expiresAt",
    replicas: [],
    pointInTimeRecovery: true,
    deletionProtection: true,
    tags: { environment: "test" },
    ...more,
  };
}

/** The service over the embedded engine with one table in each region. */
export async function startService(regions: readonly string[], clock: SetClock, faults?: DynamoFaults) {
  const service = createDynamoService({
    engine: createEmbeddedEngine(),
    clock,
    ...(faults === undefined ? {} : { faults }),
  });
  for (const region of regions) {
    await service.createTable(
      region,
      definition(region, { replicas: regions.filter((other) => other !== region) }),
    );
  }
  return service;
}
