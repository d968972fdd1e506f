/** An event source mapping over a DynamoDB stream, with AWS's names and defaults resolved. */
export interface EventSourceMappingDefinition {
  readonly uuid: string;
  readonly region: string;
  readonly streamArn: string;
  readonly functionArn: string;
  readonly startingPosition: "LATEST" | "TRIM_HORIZON";
  /** 1 to 10,000 */
  readonly batchSize: number;
  /** 0 to 300. With 0 whatever is there goes at once. */
  readonly maximumBatchingWindowInSeconds: number;
  /** Patterns as JSON text; a record passes when any fits. None at all takes every record. */
  readonly filters: readonly string[];
  readonly reportBatchItemFailures: boolean;
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: until the record is too old */
  readonly maximumRetryAttempts: number;
  /** -1: as old as the stream keeps them */
  readonly maximumRecordAgeInSeconds: number;
}

const limits = {
  batchSize: [1, 10_000],
  maximumBatchingWindowInSeconds: [0, 300],
  maximumRetryAttempts: [-1, 10_000],
  maximumRecordAgeInSeconds: [-1, 604_800],
} as const satisfies Partial<Record<keyof EventSourceMappingDefinition, readonly [number, number]>>;

/** Below this a finite record age is refused by AWS. */
const recordAgeSecondsMin = 60;

/** Throws with AWS's reason when a setting is outside of its limits. */
export function checkDefinition(definition: EventSourceMappingDefinition): void {
  for (const [name, [min, max]] of Object.entries(limits)) {
    const value = definition[name as keyof typeof limits];
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`${name} of mapping ${definition.uuid} is ${value}; it must be ${min} to ${max}`);
    }
  }
  const age = definition.maximumRecordAgeInSeconds;
  if (age !== -1 && age < recordAgeSecondsMin) {
    throw new RangeError(
      `maximumRecordAgeInSeconds of mapping ${definition.uuid} is ${age}; it must be -1 or at least ${recordAgeSecondsMin}`,
    );
  }
}
