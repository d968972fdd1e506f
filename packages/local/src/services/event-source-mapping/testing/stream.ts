import type { SourceRecord, StreamSource } from "../stream-source.ts";
import { sequenceOf } from "../stream-source.ts";

export interface TestRecord extends SourceRecord {
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly dynamodb: SourceRecord["dynamodb"] & { readonly Keys: { readonly pk: { readonly S: string } } };
}

export interface TestStream extends StreamSource<TestRecord> {
  append(pk: string, eventName?: TestRecord["eventName"]): TestRecord;
  records(): readonly TestRecord[];
}

const sequenceText = (count: number) => `1${String(count).padStart(20, "0")}`;

/** A stream in memory. Record n (from 1) has sequence number n. */
export function createTestStream(nowMs: () => number): TestStream {
  const records: TestRecord[] = [];
  const listeners = new Set<() => void>();
  return {
    append(pk, eventName = "INSERT") {
      const record: TestRecord = {
        eventName,
        dynamodb: {
          SequenceNumber: sequenceText(records.length + 1),
          ApproximateCreationDateTime: Math.floor(nowMs() / 1_000),
          Keys: { pk: { S: pk } },
        },
      };
      records.push(record);
      for (const listener of listeners) listener();
      return record;
    },
    records: () => records,
    read: (afterSequence, limit) =>
      records.filter((record) => sequenceOf(record) > afterSequence).slice(0, limit),
    latestSequence: () => sequenceText(records.length),
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Which records an event holds, by number. */
export function numbersIn(event: string): number[] {
  const { Records }: { Records: TestRecord[] } = JSON.parse(event);
  return Records.map((record) => numberOf(sequenceOf(record)));
}

export function numberOf(sequence: string): number {
  return Number(sequence.slice(1));
}

export { sequenceText };
