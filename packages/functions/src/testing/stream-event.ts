import { type StoredItem, toAttributes } from "@antipode/core";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { startMs } from "./test-world.ts";

/** A stream record of an item's new state, as Lambda hands it over. */
export function streamRecord(item: StoredItem, sequence: number, arrivedAtMs = startMs): DynamoDBRecord {
  return {
    eventID: `e${sequence}`,
    eventName: "MODIFY",
    eventSource: "aws:dynamodb",
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(arrivedAtMs / 1000),
      Keys: toAttributes({ pk: item.pk, sk: item.sk }),
      NewImage: toAttributes(item),
      SequenceNumber: String(sequence).padStart(21, "0"),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  };
}

export function streamEvent(records: readonly DynamoDBRecord[]): DynamoDBStreamEvent {
  return { Records: [...records] };
}

export function failure(...sequences: number[]) {
  return {
    batchItemFailures: sequences.map((sequence) => ({ itemIdentifier: String(sequence).padStart(21, "0") })),
  };
}
