import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createEmbeddedEngine } from "../engine/embedded/embedded.ts";
import type { IndexSchema, ScalarType, TableEngine } from "../engine/engine.ts";
import type { WorldClock } from "../links/clock.ts";
import { createDynamoService, type DynamoService } from "../services/dynamodb/dynamo-service.ts";
import type { TableDefinition } from "../services/dynamodb/table-definition.ts";
import { AwsError, type AwsService, account, type ServiceRequest } from "../services/service.ts";

/** A table for a test; what is left out is as the application's tables have it: string keys `pk` and `sk`. */
export interface TestTable {
  readonly name: string;
  readonly hashKey?: string;
  /** `null` for a table without a range key */
  readonly rangeKey?: string | null;
  /** Types of key attributes that are not strings. */
  readonly attributes?: Readonly<Record<string, ScalarType>>;
  readonly globalSecondaryIndexes?: readonly IndexSchema[];
  readonly ttlAttribute?: string;
  /** Default true: NEW_AND_OLD_IMAGES. */
  readonly stream?: boolean;
  /** Default true: one of the tables that `globalTables` replicates. */
  readonly global?: boolean;
}

export interface DynamoTables {
  readonly regions: readonly string[];
  readonly tables: readonly TestTable[];
  /** Default: the embedded one, new. */
  readonly engine?: TableEngine;
  /** Default: the machine's clock in every region. */
  readonly clock?: WorldClock;
  /** Replicates every write to the other regions at once, inside the process. Default false: no replication. */
  readonly globalTables?: boolean;
}

export interface RunningDynamo {
  /** Base URL for `AWS_ENDPOINT_URL_DYNAMODB` or a client's `endpoint`; the client's region says which region answers. */
  readonly endpoint: string;
  readonly service: DynamoService;
  close(): Promise<void>;
}

function definitionOf(
  table: TestTable,
  region: string,
  regions: readonly string[],
  replicated: boolean,
): TableDefinition {
  const hashKey = table.hashKey ?? "pk";
  const rangeKey = table.rangeKey === undefined ? "sk" : table.rangeKey;
  const globalSecondaryIndexes = table.globalSecondaryIndexes ?? [];
  const keys = [
    hashKey,
    rangeKey,
    ...globalSecondaryIndexes.flatMap((index) => [index.hashKey, index.rangeKey]),
  ];
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${table.name}`;
  return {
    name: table.name,
    arn,
    hashKey,
    ...(rangeKey === null ? {} : { rangeKey }),
    attributes: Object.fromEntries(
      keys.filter((name) => typeof name === "string").map((name) => [name, table.attributes?.[name] ?? "S"]),
    ),
    globalSecondaryIndexes,
    ...(table.ttlAttribute === undefined ? {} : { ttlAttribute: table.ttlAttribute }),
    ...(table.stream === false
      ? {}
      : {
          stream: { arn: `${arn}/stream/2026-01-01T00:00:00.000`, viewType: "NEW_AND_OLD_IMAGES" as const },
        }),
    replicas: replicated ? regions.filter((other) => other !== region) : [],
    pointInTimeRecovery: true,
    deletionProtection: false,
    tags: {},
  };
}

/** The region of a signed request: the third part of the credential scope. */
function signedRegion(authorization: string | undefined): string | undefined {
  return /Credential=[^/,\s]+\/\d+\/([^/]+)\//.exec(authorization ?? "")?.[1];
}

async function serviceRequest(request: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? "/", "http://localhost");
  const region = signedRegion(request.headers.authorization);
  if (region === undefined)
    throw new AwsError("MissingAuthenticationTokenException", "The request is not signed");
  return {
    region,
    method: request.method ?? "POST",
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks),
  };
}

async function respond(
  service: AwsService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { status, headers, body } = await service.handle(await serviceRequest(request));
    response.writeHead(status, headers).end(body);
  } catch (error) {
    const [status, type] =
      error instanceof AwsError ? [error.status, error.code] : [500, "InternalServerError"];
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(
      JSON.stringify({ __type: type, message: error instanceof Error ? error.message : String(error) }),
    );
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** Hands every change on to the other regions before the next event is handled: replication without lag or loss. */
function replicateAtOnce(
  service: DynamoService,
  regions: readonly string[],
  tables: ReadonlySet<string>,
): void {
  service.onChange((change) => {
    if (change.writtenIn !== change.region || !tables.has(change.table)) return;
    const { table, key, newImage, writtenAtMs, writtenIn, expired } = change;
    const write = {
      table,
      key,
      writtenAtMs,
      writtenIn,
      expired,
      ...(newImage === undefined ? {} : { item: newImage }),
    };
    for (const region of regions) {
      if (region !== change.region) void service.applyReplicated(region, write);
    }
  });
}

/** Starts several regions' DynamoDB and DynamoDB Streams on one free loopback port, for tests with the real SDK. */
export async function startDynamo(options: DynamoTables): Promise<RunningDynamo> {
  const { regions, tables, globalTables = false } = options;
  const service = createDynamoService({
    engine: options.engine ?? createEmbeddedEngine(),
    clock: options.clock ?? { now: () => Date.now() },
  });
  for (const region of regions) {
    for (const table of tables) {
      await service.createTable(
        region,
        definitionOf(table, region, regions, globalTables && table.global !== false),
      );
    }
  }
  if (globalTables) {
    const replicated = tables.filter((table) => table.global !== false).map((table) => table.name);
    replicateAtOnce(service, regions, new Set(replicated));
  }
  const server = createServer((request, response) => {
    void respond(service, request, response);
  });
  const endpoint = await listen(server);
  return {
    endpoint,
    service,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await service.close();
    },
  };
}
