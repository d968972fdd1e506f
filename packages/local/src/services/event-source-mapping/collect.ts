import type { SourceRecord, StreamSource } from "./stream-source.ts";
import { sequenceOf } from "./stream-source.ts";

/** Lambda's limit for the event of one invocation. */
const payloadBytesMax = 6_291_456;
/** Records looked at between two looks at the batch. */
const pageRecords = 1_000;

/** Records that passed the filter, and how far the stream was read for them. */
export interface Collected<R extends SourceRecord = SourceRecord> {
  readonly records: readonly R[];
  readonly bytes: number;
  /** Everything up to here is in `records` or was filtered out. */
  readonly readTo: string;
  /** No more fit: send it now. */
  readonly isFull: boolean;
}

export interface CollectLimits<R extends SourceRecord> {
  readonly batchSize: number;
  readonly passes: (record: R) => boolean;
}

export function startCollecting<R extends SourceRecord>(position: string): Collected<R> {
  return { records: [], bytes: 0, readTo: position, isFull: false };
}

/** Reads on, until the batch is full or the stream has no more. */
export function collect<R extends SourceRecord>(
  source: StreamSource<R>,
  limits: CollectLimits<R>,
  collected: Collected<R>,
): Collected<R> {
  const records = [...collected.records];
  let { bytes, readTo } = collected;
  for (;;) {
    const page = source.read(readTo, pageRecords);
    for (const record of page) {
      if (limits.passes(record)) {
        const size = Buffer.byteLength(JSON.stringify(record)) + 1;
        if (records.length > 0 && bytes + size > payloadBytesMax)
          return { records, bytes, readTo, isFull: true };
        records.push(record);
        bytes += size;
      }
      readTo = sequenceOf(record);
      if (records.length === limits.batchSize) return { records, bytes, readTo, isFull: true };
    }
    if (page.length < pageRecords) return { records, bytes, readTo, isFull: false };
  }
}
