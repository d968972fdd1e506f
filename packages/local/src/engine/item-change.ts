/** An attribute value in DynamoDB's JSON form, for example `{ "S": "a" }`. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] }
  | { L: AttributeValue[] }
  | { M: Record<string, AttributeValue> };

export type Item = Record<string, AttributeValue>;

/** One committed change of one item in one region's replica: what a stream record and replication are made from. */
export interface ItemChange {
  readonly region: string;
  readonly table: string;
  readonly key: Item;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly oldImage?: Item;
  readonly newImage?: Item;
  /** Grows within one region and table; decimal digits, 21 long, as a stream's sequence numbers. */
  readonly sequenceNumber: string;
  /** When this replica committed it, by the region's clock. */
  readonly committedAtMs: number;
  /** When the write was taken by the region that took it: the time by which the last writer wins. */
  readonly writtenAtMs: number;
  /** The region that took the write; equals `region` unless the change came by replication. */
  readonly writtenIn: string;
  /** Deleted by time to live. */
  readonly expired: boolean;
}

/** What a region sends to its peers for one item: its newest state, whole. */
export interface ReplicatedWrite {
  readonly table: string;
  readonly key: Item;
  /** Absent when the item was deleted. */
  readonly item?: Item;
  readonly writtenAtMs: number;
  readonly writtenIn: string;
  readonly expired: boolean;
}
