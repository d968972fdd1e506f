import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { JsonObject } from "../../engine/engine.ts";
import { AwsError } from "../service.ts";
import { keySchema, streamLabel } from "./describe.ts";
import type { Replica } from "./replica.ts";
import { type StreamLog, sequenceNumber } from "./stream-log.ts";
import type { StreamRecord } from "./stream-record.ts";
import type { TableDefinition } from "./table-definition.ts";

/** One GetRecords answer: at most so many records and bytes, as DynamoDB Streams. */
const recordsMax = 1000;
const answerBytesMax = 1024 * 1024;
/** A shard iterator expires 15 minutes after it was given out. */
const iteratorLifetimeMs = 15 * 60 * 1000;

/** A table of this region that has a stream. */
export interface Stream {
  readonly log: StreamLog;
  readonly definition: TableDefinition;
  readonly arn: string;
  readonly createdAtMs: number;
}

export function streamOf({ definition, log, createdAtMs }: Replica): Stream | undefined {
  if (log === undefined || definition.stream === undefined) return undefined;
  return { log, definition, arn: definition.stream.arn, createdAtMs };
}

/** The one shard of a stream; its name follows from the ARN. */
function shardIdOf(streamArn: string): string {
  const digest = createHash("md5").update(streamArn).digest("hex");
  return `shardId-00000001700000000000-${digest.slice(0, 8)}`;
}

function required(request: JsonObject, name: string): string {
  const value = request[name];
  if (typeof value === "string" && value !== "") return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A position in a stream, as an opaque text. */
interface Iterator {
  readonly arn: string;
  readonly after: string;
  readonly madeAtMs: number;
}

function iteratorText({ arn, after, madeAtMs }: Iterator): string {
  return `${arn}|1|${Buffer.from(JSON.stringify({ after, madeAtMs })).toString("base64")}`;
}

/** Throws ValidationException when the text was never an iterator. */
export function iteratorOf(text: string): Iterator {
  const [arn = "", , state = ""] = text.split("|");
  try {
    const { after, madeAtMs } = JSON.parse(Buffer.from(state, "base64").toString("utf8")) as Record<
      string,
      unknown
    >;
    if (typeof after === "string" && typeof madeAtMs === "number") return { arn, after, madeAtMs };
  } catch {
    // answered below
  }
  throw new AwsError("ValidationException", "Invalid ShardIterator");
}

function trimmed(): AwsError {
  return new AwsError(
    "TrimmedDataAccessException",
    "The operation attempted to read past the oldest stream record in a shard",
  );
}

/** The sequence number before a given one. */
function before(sequence: string): string {
  return sequenceNumber(Number(sequence.slice(1)) - 1);
}

function startOf(log: StreamLog, request: JsonObject): string {
  const type = required(request, "ShardIteratorType");
  if (type === "LATEST") return log.latestSequence();
  if (type === "TRIM_HORIZON") return log.horizon();
  if (type !== "AT_SEQUENCE_NUMBER" && type !== "AFTER_SEQUENCE_NUMBER") {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${type}' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [AT_SEQUENCE_NUMBER, TRIM_HORIZON, LATEST, AFTER_SEQUENCE_NUMBER]`,
    );
  }
  const sequence = required(request, "SequenceNumber");
  if (!/^\d{21}$/.test(sequence) || sequence > sequenceNumber(Number(log.latestSequence().slice(1)) + 1)) {
    throw new AwsError("ValidationException", "Invalid SequenceNumber");
  }
  const after = type === "AT_SEQUENCE_NUMBER" ? before(sequence) : sequence;
  if (after < log.horizon()) throw trimmed();
  return after;
}

function describeStream(stream: Stream): JsonObject {
  const { viewType } = stream.definition.stream ?? {};
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: streamLabel(stream.arn),
      StreamStatus: "ENABLED",
      StreamViewType: viewType,
      CreationRequestDateTime: stream.createdAtMs / 1000,
      TableName: stream.definition.name,
      KeySchema: keySchema(stream.definition),
      Shards: [
        {
          ShardId: shardIdOf(stream.arn),
          SequenceNumberRange: {
            StartingSequenceNumber: sequenceNumber(Number(stream.log.horizon().slice(1)) + 1),
          },
        },
      ],
    },
  };
}

/** Lambda's form of a record, which the log holds, in the form of GetRecords: they differ in two members. */
function wireRecord({ eventSourceARN, userIdentity, ...record }: StreamRecord): JsonObject {
  if (userIdentity === undefined) return record;
  return { ...record, userIdentity: { Type: userIdentity.type, PrincipalId: userIdentity.principalId } };
}

function getRecords(stream: Stream, request: JsonObject, iterator: Iterator, nowMs: number): JsonObject {
  if (iterator.madeAtMs < nowMs - iteratorLifetimeMs) {
    throw new AwsError(
      "ExpiredIteratorException",
      "Iterator expired. The iterator was created more than 15 minutes ago.",
    );
  }
  const limit = request["Limit"] ?? recordsMax;
  if (typeof limit !== "number" || limit < 1 || limit > recordsMax) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${String(limit)}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${recordsMax}`,
    );
  }
  if (iterator.after < stream.log.horizon()) throw trimmed();
  const records: JsonObject[] = [];
  let after = iterator.after;
  let bytes = 0;
  for (const record of stream.log.read(iterator.after, limit)) {
    bytes += record.dynamodb.SizeBytes;
    if (records.length > 0 && bytes > answerBytesMax) break;
    records.push(wireRecord(record));
    after = record.dynamodb.SequenceNumber;
  }
  return { Records: records, NextShardIterator: iteratorText({ arn: stream.arn, after, madeAtMs: nowMs }) };
}

/** Answers one operation of DynamoDB Streams over a region's streams; undefined when there is no such operation. */
export function streamsAnswer(
  operation: string,
  request: JsonObject,
  streams: readonly Stream[],
  nowMs: number,
): JsonObject | undefined {
  const named = (arn: string): Stream => {
    const stream = streams.find((one) => one.arn === arn);
    if (stream === undefined) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Requested resource not found: Stream: ${arn} not found`,
      );
    }
    stream.log.trim(nowMs);
    return stream;
  };
  switch (operation) {
    case "ListStreams":
      return {
        Streams: streams
          .filter(
            ({ definition }) =>
              request["TableName"] === undefined || definition.name === request["TableName"],
          )
          .map(({ arn, definition }) => ({
            StreamArn: arn,
            StreamLabel: streamLabel(arn),
            TableName: definition.name,
          })),
      };
    case "DescribeStream":
      return describeStream(named(required(request, "StreamArn")));
    case "GetShardIterator": {
      const stream = named(required(request, "StreamArn"));
      if (required(request, "ShardId") !== shardIdOf(stream.arn)) {
        throw new AwsError("ResourceNotFoundException", "Requested resource not found: Shard does not exist");
      }
      return {
        ShardIterator: iteratorText({
          arn: stream.arn,
          after: startOf(stream.log, request),
          madeAtMs: nowMs,
        }),
      };
    }
    case "GetRecords": {
      const iterator = iteratorOf(required(request, "ShardIterator"));
      return getRecords(named(iterator.arn), request, iterator, nowMs);
    }
    default:
      return undefined;
  }
}
