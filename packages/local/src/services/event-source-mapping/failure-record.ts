import { createHash } from "node:crypto";
import type { DiscardCondition, Piece } from "./batch.ts";
import type { SourceRecord } from "./stream-source.ts";
import { createdAtMs, sequenceOf } from "./stream-source.ts";

export interface DiscardedPiece<R extends SourceRecord = SourceRecord> {
  readonly mapping: { readonly uuid: string; readonly functionArn: string; readonly streamArn: string };
  readonly piece: Piece<R>;
  readonly condition: DiscardCondition;
  /** Of the last invocation; made up when the function was never reached. */
  readonly requestId: string;
  readonly nowMs: number;
  /** The end of the object's key. */
  readonly objectId: string;
}

export interface FailureObject {
  readonly key: string;
  /** JSON text */
  readonly body: string;
}

/**
 * The object that Lambda writes into an S3 failure destination, key and body. `payload` is the whole event as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureObject(discarded: DiscardedPiece): FailureObject {
  const { mapping, piece, nowMs } = discarded;
  const [first] = piece.records;
  const last = piece.records.at(-1);
  if (first === undefined || last === undefined) throw new Error("a discarded piece has records");
  const shardId = shardIdOf(mapping.streamArn);
  const iso = new Date(nowMs).toISOString();
  const stamp = iso.slice(0, 19).replaceAll(":", ".");
  const body = {
    requestContext: {
      requestId: discarded.requestId,
      functionArn: mapping.functionArn,
      condition: discarded.condition,
      approximateInvokeCount: piece.invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      ...(piece.last?.functionError === undefined ? {} : { functionError: piece.last.functionError }),
    },
    version: "1.0",
    timestamp: iso,
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      approximateArrivalOfFirstRecord: wholeSeconds(createdAtMs(first)),
      approximateArrivalOfLastRecord: wholeSeconds(createdAtMs(last)),
      batchSize: piece.records.length,
      streamArn: mapping.streamArn,
    },
    payload: eventOf(piece.records),
  };
  const day = iso.slice(0, 10).replaceAll("-", "/");
  const key = `aws/lambda/${mapping.uuid}/${shardId}/${day}/${stamp}-${discarded.objectId}`;
  return { key, body: JSON.stringify(body) };
}

/** The event that the function gets, JSON text. */
export function eventOf(records: readonly SourceRecord[]): string {
  return JSON.stringify({ Records: records });
}

/** Streams have one shard here. The same name as DescribeStream gives it. */
function shardIdOf(streamArn: string): string {
  const digest = createHash("md5").update(streamArn).digest("hex").slice(0, 8);
  return `shardId-00000001700000000000-${digest}`;
}

/** `2019-11-14T00:13:19Z` */
function wholeSeconds(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
