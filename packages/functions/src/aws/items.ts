import {
  byCategoryIndex,
  err,
  fromAttributes,
  type ItemKey,
  type Items,
  type ListQuery,
  type Origin,
  ok,
  type Result,
  refuseForeign,
  type StorageError,
  type StoredItem,
  type Table,
  toAttributes,
  type UpdateOutcome,
  type WriteOutcome,
} from "@antipode/core";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { putExpression, updateExpression } from "./expressions.ts";
import { readItems, readPartition } from "./read-partition.ts";
import { storing } from "./storage-errors.ts";

export interface DynamoItemsOptions {
  /** Of the own region. */
  readonly client: DynamoDBClient;
  /** Physical names of the tables that are linked to this function. */
  readonly tableNames: Readonly<Partial<Record<Table, string>>>;
  /** Whose items may be written. */
  readonly origin: Origin;
}

type Read = Result<StoredItem | undefined, StorageError>;

function readImage(image: unknown, operation: string): Read {
  if (image === undefined) {
    return ok(undefined);
  }
  const decoded = fromAttributes(image);
  return decoded.ok
    ? decoded
    : err({ type: "unreadable", operation, reason: `${decoded.error.path}: ${decoded.error.reason}` });
}

function keyAttributes({ pk, sk }: ItemKey) {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** The own region's tables over DynamoDB. */
export function createDynamoItems({ client, tableNames, origin }: DynamoItemsOptions): Items {
  const nameOf = (table: Table): string => {
    const name = tableNames[table];
    if (name === undefined) {
      throw new Error(`table ${table} is not linked to this function`);
    }
    return name;
  };

  async function get(table: Table, key: ItemKey): Promise<Read> {
    const operation = `GetItem ${table}`;
    const command = new GetItemCommand({
      TableName: nameOf(table),
      Key: keyAttributes(key),
      ConsistentRead: true,
    });
    const answer = await storing(operation, () => client.send(command));
    return answer.ok ? readImage(answer.value.Item, operation) : answer;
  }

  /** The item that a write's condition was checked on; engines that do not send it are asked. */
  async function refusal(
    table: Table,
    key: ItemKey,
    failure: ConditionalCheckFailedException,
  ): Promise<Result<WriteOutcome & { type: "refused" }, StorageError>> {
    const read =
      failure.Item === undefined ? await get(table, key) : readImage(failure.Item, `refused ${table}`);
    if (!read.ok) {
      return read;
    }
    return ok({ type: "refused", ...(read.value === undefined ? {} : { item: read.value }) });
  }

  /** A failed condition is an outcome, not an error. */
  function unlessRefused<T>(call: () => Promise<T>): () => Promise<T | ConditionalCheckFailedException> {
    return () =>
      call().catch((error: unknown) => {
        if (error instanceof ConditionalCheckFailedException) {
          return error;
        }
        throw error;
      });
  }

  return {
    get,

    queryPartition: (table, pk) => readPartition(client, nameOf(table), pk),

    async put(table, item, onlyIf): Promise<Result<WriteOutcome, StorageError>> {
      const operation = `PutItem ${table}`;
      const foreign = refuseForeign(operation, table, item, origin);
      if (foreign !== undefined) {
        return err(foreign);
      }
      const command = new PutItemCommand({
        TableName: nameOf(table),
        Item: toAttributes(item),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ...putExpression(onlyIf),
      });
      const answer = await storing(
        operation,
        unlessRefused(() => client.send(command)),
      );
      if (!answer.ok) {
        return answer;
      }
      return answer.value instanceof ConditionalCheckFailedException
        ? refusal(table, item, answer.value)
        : ok({ type: "written" });
    },

    async update(table, key, update): Promise<Result<UpdateOutcome, StorageError>> {
      const operation = `UpdateItem ${table}`;
      const foreign = refuseForeign(operation, table, key, origin);
      if (foreign !== undefined) {
        return err(foreign);
      }
      const command = new UpdateItemCommand({
        TableName: nameOf(table),
        Key: keyAttributes(key),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ...updateExpression(update),
      });
      const answer = await storing(
        operation,
        unlessRefused(() => client.send(command)),
      );
      if (!answer.ok) {
        return answer;
      }
      if (answer.value instanceof ConditionalCheckFailedException) {
        return refusal(table, key, answer.value);
      }
      const written = readImage(answer.value.Attributes, operation);
      if (!written.ok) {
        return written;
      }
      return written.value === undefined
        ? err({ type: "unreadable", operation, reason: "no item in the answer" })
        : ok({ type: "written", item: written.value });
    },

    async listViews({ category, after, limit }: ListQuery) {
      const operation = "Query Views";
      const images: unknown[] = [];
      let startKey: QueryCommandOutput["LastEvaluatedKey"] =
        after === undefined
          ? undefined
          : { ...keyAttributes(after), category: { S: category }, listKey: { S: after.listKey } };
      do {
        const command: QueryCommand = new QueryCommand({
          TableName: nameOf("Views"),
          IndexName: byCategoryIndex,
          KeyConditionExpression: "category = :category",
          ExpressionAttributeValues: { ":category": { S: category } },
          Limit: limit - images.length,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        });
        const answer = await storing(operation, () => client.send(command));
        if (!answer.ok) {
          return answer;
        }
        images.push(...(answer.value.Items ?? []));
        startKey = answer.value.LastEvaluatedKey; // present on a page that 1 MB cut short, too
      } while (startKey !== undefined && images.length < limit);
      return readItems(images, operation);
    },
  };
}
