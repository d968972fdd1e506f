import type { Clock, GlobalTable, Result } from "@antipode/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";
import { replicationLag } from "./lag.ts";
import { readRecord, type StreamChange, sequenceNumberOf } from "./record.ts";

export interface DispatcherDeps {
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
  readonly measurements: Measurements;
}

/** Why the changes of one entity could not be applied. */
export interface DispatchFailure {
  readonly reason: string;
  readonly cause?: unknown;
}

/**
 * Applies the changes of one partition key, in stream order, never none. Must be idempotent: Lambda delivers again.
 * Nothing of the group may have been applied or all of it; either way an error makes the whole group come again.
 */
export type HandleGroup = (changes: readonly StreamChange[]) => Promise<Result<unknown, DispatchFailure>>;

export interface DispatcherOptions {
  readonly table: GlobalTable;
  readonly handle: HandleGroup;
}

/** Entities handled at once: a batch of 100 writes for as many products should not open 100 connections. */
const groupsAtOnce = 8;

type Group = readonly StreamChange[];

function groupByPartition(changes: readonly StreamChange[]): readonly Group[] {
  const groups = new Map<string, StreamChange[]>();
  for (const change of changes) {
    const group = groups.get(change.key.pk);
    if (group === undefined) {
      groups.set(change.key.pk, [change]);
    } else {
      group.push(change);
    }
  }
  return [...groups.values()];
}

/**
 * Reads a table's stream: each region's only reader of that replica, for local and replicated writes alike.
 *
 * What fails does not stop the rest of the batch. Lambda takes the first reported record as its checkpoint and sends
 * everything from there again, or, when retries are used up, files all of it in the failure bucket; so records behind
 * a poisoned one are applied now, not when someone has mended it.
 */
export function createDispatcher(deps: DispatcherDeps, { table, handle }: DispatcherOptions) {
  const { deployment, clock, log, measurements } = deps;

  function readBatch(records: readonly DynamoDBRecord[], failed: Set<string>): readonly StreamChange[] {
    const changes: StreamChange[] = [];
    for (const record of records) {
      const change = readRecord(table, record);
      if (change.ok) {
        changes.push(change.value);
      } else {
        const sequenceNumber = sequenceNumberOf(record);
        failed.add(sequenceNumber);
        log.error("stream record not understood", { table, sequenceNumber, ...change.error });
      }
    }
    return changes;
  }

  function measureLag(changes: readonly StreamChange[]): void {
    const lagsByPeer = new Map<string, number[]>();
    const nowMs = clock.nowMs();
    for (const change of changes) {
      const lag = replicationLag(change, deployment, nowMs);
      if (lag !== undefined) {
        lagsByPeer.set(lag.peer, [...(lagsByPeer.get(lag.peer) ?? []), lag.lagMs]);
      }
    }
    for (const [peer, lags] of lagsByPeer) {
      measurements.record("ReplicationLag", lags, { peer });
    }
  }

  async function handleGroup(group: Group, failed: Set<string>): Promise<void> {
    const outcome = await handle(group).catch((error: unknown) => ({
      ok: false as const,
      error: { reason: "a bug", cause: error },
    }));
    if (outcome.ok) {
      return;
    }
    for (const change of group) {
      failed.add(change.sequenceNumber);
    }
    log.error("stream records not applied", {
      table,
      key: group[0]?.key,
      records: group.length,
      reason: outcome.error.reason,
      error: outcome.error.cause,
    });
  }

  async function handleGroups(groups: readonly Group[], failed: Set<string>): Promise<void> {
    const waiting = groups.values();
    const workers = Array.from({ length: groupsAtOnce }, async () => {
      for (const group of waiting) {
        await handleGroup(group, failed);
      }
    });
    await Promise.all(workers);
  }

  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const failed = new Set<string>();
    const changes = readBatch(event.Records, failed);
    measureLag(changes);
    await handleGroups(groupByPartition(changes), failed);
    const inOrder = event.Records.map(sequenceNumberOf).filter((number) => failed.has(number));
    const applied = event.Records.length - inOrder.length;
    if (applied > 0) {
      measurements.record("RecordsApplied", [applied], { table });
    }
    if (inOrder.length > 0) {
      measurements.record("RecordsFailed", [inOrder.length], { table });
    }
    return { batchItemFailures: inOrder.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
