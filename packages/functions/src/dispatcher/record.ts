import {
  err,
  fromAttributes,
  type GlobalTable,
  type ItemKey,
  ok,
  type ParsedKey,
  parseKey,
  type Result,
  type StoredItem,
} from "@antipode/core";
import type { DynamoDBRecord } from "aws-lambda";

/** One change of one item, read from a stream record. */
export interface StreamChange {
  readonly sequenceNumber: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly key: ItemKey;
  readonly parsed: ParsedKey;
  /** Absent when the item was removed. */
  readonly item?: StoredItem;
  /** As it was before; absent when there was none, and where it cannot be read. */
  readonly before?: StoredItem;
  /** ms since 1970, to the second: when this replica took the change. Absent where the engine does not say. */
  readonly arrivedAtMs?: number;
}

/** Why a record could not be read. Such a record fails: what we do not understand we must not pass over. */
export interface RecordFailure {
  readonly reason: string;
  readonly key?: unknown;
}

const eventNames = ["INSERT", "MODIFY", "REMOVE"] as const;

/** The checkpoint is a sequence number, so a record without one cannot even be reported: the batch must fail. */
export function sequenceNumberOf(record: DynamoDBRecord): string {
  const sequenceNumber = record.dynamodb?.SequenceNumber;
  if (sequenceNumber === undefined) {
    throw new Error("a stream record without a sequence number");
  }
  return sequenceNumber;
}

function readKey(keys: unknown): ItemKey | undefined {
  const decoded = fromAttributes(keys);
  return decoded.ok ? { pk: decoded.value.pk, sk: decoded.value.sk } : undefined;
}

export function readRecord(table: GlobalTable, record: DynamoDBRecord): Result<StreamChange, RecordFailure> {
  const sequenceNumber = sequenceNumberOf(record);
  const eventName = eventNames.find((name) => name === record.eventName);
  const key = readKey(record.dynamodb?.Keys);
  if (eventName === undefined || key === undefined) {
    return err({ reason: "not a change of an item with string keys", key: record.dynamodb?.Keys });
  }
  const parsed = parseKey(table, key);
  if (!parsed.ok) {
    return err({ reason: parsed.error.reason, key });
  }
  const seconds = record.dynamodb?.ApproximateCreationDateTime;
  const change = {
    sequenceNumber,
    eventName,
    key,
    parsed: parsed.value,
    ...(typeof seconds === "number" ? { arrivedAtMs: seconds * 1000 } : {}),
  };
  if (eventName === "REMOVE") {
    return ok(change);
  }
  const item = fromAttributes(record.dynamodb?.NewImage);
  const before =
    record.dynamodb?.OldImage === undefined ? undefined : fromAttributes(record.dynamodb.OldImage);
  return item.ok
    ? ok({ ...change, item: item.value, ...(before?.ok === true ? { before: before.value } : {}) })
    : err({ reason: `new image: ${item.error.path}: ${item.error.reason}`, key });
}
