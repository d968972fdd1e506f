import {
  checkPageLimit,
  err,
  type Index,
  type IndexQuery,
  type ItemKey,
  indexes,
  type NewestQuery,
  ok,
  pageItemsMax,
  type Result,
  type ScanPage,
  type StorageError,
  type StoredItem,
  scanItemsMax,
} from "@antipode/core";
import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { keyAttributes, readImage, readImages } from "./images.ts";
import { storing } from "./storage-errors.ts";

/** Far more pages than a cart or a product fills: each is 1 MB. Beyond, something writes without bound. */
const partitionPagesMax = 32;

type StartKey = Record<string, AttributeValue> | undefined;
type Items = Result<readonly StoredItem[], StorageError>;

/** A table as a client's region has it. */
export interface PhysicalTable {
  readonly client: DynamoDBClient;
  readonly name: string;
}

interface Bounds {
  readonly limit?: number;
  readonly pagesMax?: number;
  /** For all pages together. */
  readonly withinMs?: number;
}

/** Asks page after page, which 1 MB may have cut short, until there are so many items or no more. */
async function collect(
  client: DynamoDBClient,
  operation: string,
  input: QueryCommandInput,
  { limit, pagesMax, withinMs }: Bounds,
): Promise<Items> {
  const images: unknown[] = [];
  const call = withinMs === undefined ? {} : { abortSignal: AbortSignal.timeout(withinMs) };
  let startKey: StartKey = input.ExclusiveStartKey;
  for (let page = 1; ; page += 1) {
    const command = new QueryCommand({
      ...input,
      ...(limit === undefined ? {} : { Limit: limit - images.length }),
      ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
    });
    const answer = await storing(operation, () => client.send(command, call));
    if (!answer.ok) {
      return answer;
    }
    images.push(...(answer.value.Items ?? []));
    startKey = answer.value.LastEvaluatedKey;
    if (startKey === undefined || (limit !== undefined && images.length >= limit)) {
      return readImages(images, operation);
    }
    if (page === pagesMax) {
      return err({ type: "unreadable", operation, reason: `more than ${pagesMax} pages` });
    }
  }
}

/** All items of one partition by sort key, strongly consistent in the client's region. */
export function readPartition(
  { client, name }: PhysicalTable,
  operation: string,
  pk: string,
  withinMs: number,
): Promise<Items> {
  return collect(
    client,
    operation,
    {
      TableName: name,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: pk } },
    },
    { pagesMax: partitionPagesMax, withinMs },
  );
}

/** The items of a partition from its end, strongly consistent. */
export async function readNewest(
  { client, name }: PhysicalTable,
  operation: string,
  pk: string,
  { before, limit }: NewestQuery,
): Promise<Items> {
  checkPageLimit(limit, pageItemsMax);
  const input: QueryCommandInput = {
    TableName: name,
    ConsistentRead: true,
    ScanIndexForward: false,
    KeyConditionExpression: before === undefined ? "pk = :pk" : "pk = :pk AND sk < :before",
    ExpressionAttributeValues: {
      ":pk": { S: pk },
      ...(before === undefined ? {} : { ":before": { S: before } }),
    },
  };
  return collect(client, operation, input, { limit });
}

/** One value of an index: a moment behind the table. */
export async function readIndex(
  { client, name }: PhysicalTable,
  operation: string,
  index: Index,
  { value, beyond, descending = false, limit }: IndexQuery,
): Promise<Items> {
  checkPageLimit(limit, pageItemsMax);
  const { hashKey, rangeKey } = indexes[index];
  const further = beyond === undefined ? "" : ` AND #range ${beyond.side === "above" ? ">" : "<"} :beyond`;
  const input: QueryCommandInput = {
    TableName: name,
    IndexName: index,
    ScanIndexForward: !descending,
    KeyConditionExpression: `#hash = :value${further}`,
    ExpressionAttributeNames: { "#hash": hashKey, ...(beyond === undefined ? {} : { "#range": rangeKey }) },
    ExpressionAttributeValues: {
      ":value": { S: value },
      ...(beyond === undefined ? {} : { ":beyond": { S: beyond.rangeKey } }),
    },
  };
  return collect(client, operation, input, { limit });
}

/** One page of a whole table, strongly consistent; 1 MB may cut it short. */
export async function readScan(
  { client, name }: PhysicalTable,
  operation: string,
  { after, limit }: { readonly after?: ItemKey; readonly limit: number },
): Promise<Result<ScanPage, StorageError>> {
  checkPageLimit(limit, scanItemsMax);
  const command = new ScanCommand({
    TableName: name,
    ConsistentRead: true,
    Limit: limit,
    ...(after === undefined ? {} : { ExclusiveStartKey: keyAttributes(after) }),
  });
  const answer = await storing(operation, () => client.send(command));
  if (!answer.ok) {
    return answer;
  }
  const items = readImages(answer.value.Items ?? [], operation);
  if (!items.ok) {
    return items;
  }
  const next = readImage(answer.value.LastEvaluatedKey, operation);
  if (!next.ok) {
    return next;
  }
  return ok({ items: items.value, ...(next.value === undefined ? {} : { next: next.value }) });
}
