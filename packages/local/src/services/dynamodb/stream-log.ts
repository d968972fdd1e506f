import type { StreamRecord } from "./stream-record.ts";

/** DynamoDB keeps stream records for 24 hours. */
export const streamRetentionMs = 24 * 60 * 60 * 1000;
/** Bounds the memory of a long-running world; DynamoDB itself has no such limit. */
export const streamRecordsMax = 100_000;

const sequenceDigits = 20;

/** Sequence numbers are 21 digits and start with 1, so that they sort as text. */
export function sequenceNumber(count: number): string {
  return `1${String(count).padStart(sequenceDigits, "0")}`;
}

function countOf(sequence: string): number {
  return Number(sequence.slice(1));
}

/** What in-process readers see of one region's stream of one table. */
export interface StreamView {
  /** Records after a sequence number (`""`: from the oldest kept), oldest first. */
  read(afterSequence: string, limit: number): readonly StreamRecord[];
  /** The newest record's sequence number; the one before the first when there is none yet. */
  latestSequence(): string;
  /** Calls the listener after each record; returns how to stop. */
  onAppend(listener: () => void): () => void;
}

export interface StreamLog extends StreamView {
  append(record: StreamRecord, atMs: number): void;
  /** The newest sequence number that is no longer kept: reading must start there or later. */
  horizon(): string;
  length(): number;
  /** Drops what is older than the retention. */
  trim(nowMs: number): void;
}

interface Kept {
  readonly record: StreamRecord;
  readonly atMs: number;
}

/** The records of one stream in memory. Sequence numbers count records, without gaps. */
export function createStreamLog(recordsMax: number, retentionMs: number): StreamLog {
  let kept: Kept[] = [];
  let start = 0; // index in `kept` of the oldest record that counts; compacted now and then
  let latest = 0;
  const listeners = new Set<() => void>();

  function compact(): void {
    if (start > 1000 && start * 2 > kept.length) {
      kept = kept.slice(start);
      start = 0;
    }
  }

  const horizonCount = () => latest - (kept.length - start);

  return {
    append(record, atMs) {
      kept.push({ record, atMs });
      latest = countOf(record.dynamodb.SequenceNumber);
      if (kept.length - start > recordsMax) start += 1;
      compact();
      for (const listener of listeners) listener();
    },
    trim(nowMs) {
      while (start < kept.length) {
        const oldest = kept[start];
        if (oldest === undefined || oldest.atMs > nowMs - retentionMs) break;
        start += 1;
      }
      compact();
    },
    read(afterSequence, limit) {
      const skip = afterSequence === "" ? 0 : Math.max(0, countOf(afterSequence) - horizonCount());
      return kept.slice(start + skip, start + skip + limit).map(({ record }) => record);
    },
    latestSequence: () => sequenceNumber(latest),
    horizon: () => sequenceNumber(horizonCount()),
    length: () => kept.length - start,
    onAppend(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
