import type { JsonObject, ReadOperation, TableEngine, WriteOperation } from "../../engine/engine.ts";
import type { Item, ItemChange, ReplicatedWrite } from "../../engine/item-change.ts";
import type { WorldClock } from "../../links/clock.ts";
import { AwsError, type AwsService, type ServiceRequest } from "../service.ts";
import {
  describeContinuousBackups,
  describeTable,
  describeTimeToLive,
  listTables,
  listTags,
} from "./describe.ts";
import { type MeasuredCall, measured } from "./measured-call.ts";
import { needsOf } from "./needs.ts";
import { createRegions } from "./regions.ts";
import type { WriteTime } from "./replica.ts";
import { checkShape } from "./shape-limits.ts";
import type { StreamView } from "./stream-log.ts";
import { streamOf, streamsAnswer } from "./streams-api.ts";
import type { TableDefinition } from "./table-definition.ts";
import { tablesOf } from "./tables-of.ts";
import { bodyOf, createAnswers, type Target, targetOf } from "./wire.ts";
import { createWrites } from "./writes.ts";

/** Decides which calls fail, so that a share of them can be made to: asked before a call is carried out. */
export interface DynamoFaults {
  check(region: string, operation: string, table: string | undefined): AwsError | undefined;
}

export interface DynamoServiceOptions {
  readonly engine: TableEngine;
  readonly clock: WorldClock;
  readonly faults?: DynamoFaults;
  readonly onCall?: (call: MeasuredCall) => void;
}

/** What is in one region's copy of one table. */
export interface TableStatus {
  readonly region: string;
  readonly table: string;
  readonly items: number;
  readonly bytes: number;
  /** The stream's records that are kept; undefined without a stream. */
  readonly streamRecords: number | undefined;
  readonly latestSequence: string | undefined;
}

/** Several regions' DynamoDB and DynamoDB Streams, answered over HTTP and open to the other parts of the world. */
export interface DynamoService extends AwsService {
  createTable(region: string, definition: TableDefinition): Promise<void>;
  /** The definitions of a region's tables. */
  tables(region: string): readonly TableDefinition[];
  /** One stream for readers in this process. Throws ResourceNotFoundException without such a table or stream. */
  stream(region: string, table: string): StreamView;
  /** Calls the listener for every change of every region, in each region in commit order; returns how to stop. */
  onChange(listener: (change: ItemChange) => void): () => void;
  /**
   * Takes over a peer's write unless this replica knows a later one of the same item. Idempotent; in whatever order
   * writes arrive, replicas end alike. Emits a stream record where the item really changes.
   */
  applyReplicated(region: string, write: ReplicatedWrite): Promise<"applied" | "older">;
  /** Loads items as a table import does: no stream records, no replication. The items are kept: do not change them. */
  importItems(region: string, table: string, items: readonly Item[], write: WriteTime): Promise<void>;
  /** Deletes what has expired by the region's clock, forgets old tombstones and records. Returns how many went. */
  sweepExpired(region: string): Promise<number>;
  status(): readonly TableStatus[];
  close(): Promise<void>;
}

const reads: readonly string[] = [
  "GetItem",
  "BatchGetItem",
  "Query",
  "Scan",
  "TransactGetItems",
] satisfies ReadOperation[];
const writeOperations: readonly string[] = [
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "BatchWriteItem",
  "TransactWriteItems",
] satisfies WriteOperation[];

function isRead(operation: string): operation is ReadOperation {
  return reads.includes(operation);
}

function isWrite(operation: string): operation is WriteOperation {
  return writeOperations.includes(operation);
}

/** Operations that would change tables rather than items. */
const controlPlane = /^(Create|Delete|Update|Restore|Import|Enable|Disable|Tag|Untag|Put)[A-Z]/;

function refused(operation: string): AwsError {
  if (controlPlane.test(operation)) {
    return new AwsError(
      "AccessDeniedException",
      `${operation} is not allowed here: tables come from the infrastructure, change them there`,
    );
  }
  return new AwsError("UnknownOperationException", `The local DynamoDB does not offer ${operation}`);
}

/** Makes the service. Tables are added with `createTable`; the engine is closed with the service. */
export function createDynamoService(options: DynamoServiceOptions): DynamoService {
  const { engine, clock, faults } = options;
  const regions = createRegions();
  const answers = createAnswers();
  const listeners = new Set<(change: ItemChange) => void>();
  const writes = createWrites({
    engine,
    clock,
    regions,
    publish: (change) => {
      for (const listener of listeners) listener(change);
    },
  });

  const replicasOf = (region: string) => [...regions.of(region).replicas.values()];

  /** Operations that only look at a table's description. */
  function description(region: string, operation: string, request: JsonObject): JsonObject | undefined {
    const named = () => regions.replica(region, String(request["TableName"] ?? ""));
    switch (operation) {
      case "DescribeTable":
        return describeTable(named());
      case "DescribeTimeToLive":
        return describeTimeToLive(named());
      case "DescribeContinuousBackups":
        return describeContinuousBackups(named());
      case "ListTables":
        return listTables([...regions.of(region).replicas.keys()], request);
      case "ListTagsOfResource": {
        const tagged = replicasOf(region).find(({ definition }) => definition.arn === request["ResourceArn"]);
        if (tagged === undefined)
          throw new AwsError("ResourceNotFoundException", "Requested resource not found");
        return listTags(tagged);
      }
      default:
        return undefined;
    }
  }

  async function answer(
    region: string,
    { api, operation }: Target,
    request: JsonObject,
  ): Promise<JsonObject> {
    checkShape(request);
    const tables = tablesOf(request);
    for (const table of tables.length === 0 ? [undefined] : tables) {
      const fault = faults?.check(region, operation, table);
      if (fault !== undefined) throw fault;
    }
    if (api === "streams") {
      const streams = replicasOf(region).flatMap((replica) => streamOf(replica) ?? []);
      const found = streamsAnswer(operation, request, streams, clock.now(region));
      if (found === undefined) throw refused(operation);
      return found;
    }
    if (isRead(operation) || isWrite(operation)) {
      return isRead(operation)
        ? engine.read(region, operation, request)
        : writes.byClient(region, operation, request);
    }
    const described = description(region, operation, request);
    if (described === undefined) throw refused(operation);
    return described;
  }

  function requiredTarget(request: ServiceRequest): Target {
    const target = targetOf(request);
    if (target === undefined)
      throw new AwsError("UnknownOperationException", "The request names no operation of DynamoDB");
    return target;
  }

  return {
    signingName: "dynamodb",
    // throws AwsError for a request that names no operation or has no body
    needs: (request) =>
      needsOf(
        requiredTarget(request),
        bodyOf(request),
        request.region,
        (table) => regions.of(request.region).replicas.get(table)?.definition,
      ),
    async handle(request) {
      try {
        const [{ region }, target, body] = [request, requiredTarget(request), bodyOf(request)];
        const call = { region, operation: target.operation, tables: tablesOf(body) };
        const now = () => clock.now(region);
        return answers.of(
          await measured(() => answer(region, target, body), { call, now, report: options.onCall }),
        );
      } catch (error) {
        if (error instanceof AwsError) return answers.ofError(error);
        throw error;
      }
    },
    fail: answers.ofError,
    async createTable(region, definition) {
      await engine.createTable(region, definition);
      regions.add(region, definition, clock.now(region));
    },
    tables: (region) => replicasOf(region).map(({ definition }) => definition),
    stream(region, table) {
      const { log } = regions.replica(region, table);
      if (log === undefined)
        throw new AwsError("ResourceNotFoundException", `Table ${table} has no stream in ${region}`);
      return log;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    applyReplicated: writes.byPeer,
    importItems: writes.byImport,
    sweepExpired: writes.byExpiry,
    status: () =>
      regions.names().flatMap((region) =>
        replicasOf(region).map((replica) => ({
          region,
          table: replica.definition.name,
          items: replica.itemCount(),
          bytes: replica.sizeBytes(),
          streamRecords: replica.log?.length(),
          latestSequence: replica.log?.latestSequence(),
        })),
      ),
    async close() {
      // what was begun is finished first
      await Promise.all(regions.names().map((region) => regions.of(region).lock.run(async () => undefined)));
      await engine.close();
    },
  };
}
