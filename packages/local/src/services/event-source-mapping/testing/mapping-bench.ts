import { createRandom } from "../../../links/random.ts";
import { createVirtualTime } from "../../../testing-time/virtual-time.ts";
import type { EventSourceMappingDefinition } from "../definition.ts";
import type { EventSourceMapping } from "../event-source-mapping.ts";
import { createEventSourceMapping } from "../event-source-mapping.ts";
import type { FailureObject } from "../failure-record.ts";
import type { Invoked } from "../outcome.ts";
import { createTestStream, numbersIn, sequenceText } from "./stream.ts";

export const definition: EventSourceMappingDefinition = {
  uuid: "11111111-2222-4333-8444-555555555555",
  region: "us-east-1",
  streamArn:
    "arn:aws:dynamodb:us-east-1:111122223333:table/antipode-prod-Catalog/stream/2026-01-01T00:00:00.000",
  functionArn: "arn:aws:lambda:us-east-1:111122223333:function:antipode-prod-CatalogDispatcher",
  startingPosition: "TRIM_HORIZON",
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0,
  filters: [],
  reportBatchItemFailures: true,
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: 2,
  maximumRecordAgeInSeconds: -1,
};

export interface BenchOptions {
  readonly definition?: Partial<EventSourceMappingDefinition>;
  readonly seed?: number;
  /** The function. Takes the numbers of the records it is given. */
  readonly handle: (numbers: readonly number[]) => Promise<Invoked>;
  /** Rejects when the destination cannot take it. */
  readonly store?: (object: FailureObject) => Promise<void>;
  readonly hasDestination?: boolean;
}

/** A mapping over a stream in memory on virtual time, with what it sent and gave up. */
export function createMappingBench(options: BenchOptions) {
  const time = createVirtualTime();
  const stream = createTestStream(time.now);
  const random = createRandom(options.seed ?? 1);
  const sent: number[][] = [];
  const stored: FailureObject[] = [];
  const agesMs: number[] = [];
  const givenUp: string[] = [];

  return {
    time,
    stream,
    random,
    sent,
    stored,
    /** How old the last record was at each invocation. */
    agesMs,
    /** `filed 3`, as it was told to whoever measures. */
    givenUp,
    /** Records that arrived at the failure destination, by number. */
    discarded: () => stored.flatMap((object) => numbersIn(JSON.parse(object.body).payload)),
    start(): EventSourceMapping {
      return createEventSourceMapping(
        { ...definition, ...options.definition },
        {
          source: stream,
          clock: { now: time.now },
          scheduler: time,
          random,
          onInvoke: (ageMs) => agesMs.push(ageMs),
          onGivenUp: (end, records) => givenUp.push(`${end} ${records}`),
          invoke(event) {
            const numbers = numbersIn(event);
            sent.push(numbers);
            return options.handle(numbers);
          },
          ...(options.hasDestination === false
            ? {}
            : {
                destination: {
                  async put(object: FailureObject) {
                    await options.store?.(object);
                    stored.push(object);
                  },
                },
              }),
        },
      );
    },
  };
}

export const succeed = async (): Promise<Invoked> => ({ payload: "null" });

/** A function that reports these records as failed. */
export function reporting(failed: readonly number[]): Invoked {
  return {
    requestId: "r-reporting",
    payload: JSON.stringify({
      batchItemFailures: failed.map((one) => ({ itemIdentifier: sequenceText(one) })),
    }),
  };
}

export const throwing: Invoked = {
  requestId: "r-throwing",
  payload: '{"errorMessage":"boom"}',
  functionError: "Unhandled",
};
