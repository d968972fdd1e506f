/** What a mapping looks at in a stream record; the function gets the whole of it. */
export interface SourceRecord {
  readonly dynamodb: {
    /** Decimal digits; newer records have numbers that are greater as text. */
    readonly SequenceNumber: string;
    /** epoch seconds, whole ones in DynamoDB */
    readonly ApproximateCreationDateTime: number;
  };
}

/** One shard of one region's stream, read in process. */
export interface StreamSource<R extends SourceRecord = SourceRecord> {
  /** Records after a sequence number (`""`: from the oldest that is kept), oldest first. */
  read(afterSequence: string, limit: number): readonly R[];
  /** The newest record's sequence number; before the first record, one that comes before it. */
  latestSequence(): string;
  /** Calls the listener after each new record; returns how to stop. */
  onAppend(listener: () => void): () => void;
}

export function sequenceOf(record: SourceRecord): string {
  return record.dynamodb.SequenceNumber;
}

export function createdAtMs(record: SourceRecord): number {
  return record.dynamodb.ApproximateCreationDateTime * 1_000;
}
