/**
 * Where an implementation does not do what the service in the cloud does. The suite reads what it may expect from
 * here, so this is the whole list.
 */
export interface Differences {
  /** The region that stream ARNs and records name, for a client of `region`. */
  readonly streamRegion: (region: string) => string;
  /** What record times are cut to. */
  readonly creationTime: "second" | "minute";
  /** A transaction uses twice the capacity of its writes; DynamoDB Local counts by some rule of its own. */
  readonly transactionWriteCapacity: "twice" | "arbitrary";
  /**
   * An action that meets its item and cannot be done (a set added to a number) is a reason with the code
   * ValidationError; DynamoDB Local answers ValidationException for the whole transaction.
   */
  readonly impossibleAction: "reason" | "exception";
  /** UPDATED_OLD and UPDATED_NEW of a nested path: that path only, or the whole attribute that it lies in. */
  readonly updatedValues: "path" | "attribute";
  /** An update that gives an index key a wrong type is refused; DynamoDB Local stores it. */
  readonly wrongIndexKeyByUpdate: "refused" | "stored";
  /** A query that finds no item uses half a unit; DynamoDB Local says 0. */
  readonly emptyQueryCapacity: 0.5 | 0;
  /** A batch reads missing items at half a unit each; DynamoDB Local counts only those found. */
  readonly batchCountsMissing: boolean;
  /** How long time to live may take, in seconds. */
  readonly expiryMaxS: number;
}

/** The service over the embedded engine: none that we know of. */
export const embeddedDifferences: Differences = {
  streamRegion: (region) => region,
  creationTime: "second",
  transactionWriteCapacity: "twice",
  impossibleAction: "reason",
  updatedValues: "path",
  wrongIndexKeyByUpdate: "refused",
  emptyQueryCapacity: 0.5,
  batchCountsMissing: true,
  expiryMaxS: 5,
};

/** The service over DynamoDB Local: streams and time to live are ours, expressions and capacity are its own. */
export const dynamodbLocalDifferences: Differences = {
  ...embeddedDifferences,
  transactionWriteCapacity: "arbitrary",
  impossibleAction: "exception",
  updatedValues: "attribute",
  wrongIndexKeyByUpdate: "stored",
  emptyQueryCapacity: 0,
  batchCountsMissing: false,
};

/** DynamoDB Local alone, the referee. */
export const refereeDifferences: Differences = {
  ...dynamodbLocalDifferences,
  streamRegion: () => "ddblocal",
  creationTime: "minute",
  expiryMaxS: 90,
};
