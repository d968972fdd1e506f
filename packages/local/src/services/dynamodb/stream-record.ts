import { createHash } from "node:crypto";
import type { Item, ItemChange } from "../../engine/item-change.ts";
import { itemSize } from "../../engine/value.ts";
import type { StreamViewType } from "./table-definition.ts";

/** A stream record in the form in which Lambda hands it to a function. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: "1.1";
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly dynamodb: {
    /** epoch seconds; DynamoDB rounds to whole seconds */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
  /** Only on deletions by time to live, and only in the region that made them. */
  readonly userIdentity?: { readonly type: "Service"; readonly principalId: "dynamodb.amazonaws.com" };
  readonly eventSourceARN: string;
}

/**
 * The stream record of a change. Its id is a digest of place and sequence number, so that a repeated run gives the
 * same ids.
 */
export function streamRecord(
  change: ItemChange,
  stream: { readonly arn: string; readonly viewType: StreamViewType },
): StreamRecord {
  const { viewType } = stream;
  const withNew = viewType === "NEW_IMAGE" || viewType === "NEW_AND_OLD_IMAGES";
  const withOld = viewType === "OLD_IMAGE" || viewType === "NEW_AND_OLD_IMAGES";
  const newImage = withNew ? change.newImage : undefined;
  const oldImage = withOld ? change.oldImage : undefined;
  const sizes = [change.key, newImage, oldImage].map((item) => (item === undefined ? 0 : itemSize(item)));
  return {
    eventID: createHash("md5").update(`${stream.arn} ${change.sequenceNumber}`).digest("hex"),
    eventName: change.eventName,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: change.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(change.committedAtMs / 1000),
      Keys: change.key,
      ...(newImage === undefined ? {} : { NewImage: newImage }),
      ...(oldImage === undefined ? {} : { OldImage: oldImage }),
      SequenceNumber: change.sequenceNumber,
      SizeBytes: sizes.reduce((total, size) => total + size, 0),
      StreamViewType: viewType,
    },
    ...(change.expired && change.writtenIn === change.region
      ? { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } }
      : {}),
    eventSourceARN: stream.arn,
  };
}
