import {
  checkPut,
  checkUpdate,
  err,
  type ItemKey,
  type Items,
  indexes,
  type Origin,
  ok,
  type Result,
  refuseForeign,
  type StorageError,
  type StoredItem,
  type Table,
  toAttributes,
  type Update,
  type UpdateOutcome,
  type WriteOutcome,
} from "@antipode/core";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { conditionExpression, updateExpression } from "./expressions.ts";
import { keyAttributes, readImage } from "./images.ts";
import { type PhysicalTable, readIndex, readNewest, readPartition, readScan } from "./pages.ts";
import { storing, unless } from "./storage-errors.ts";
import { transact } from "./transact.ts";

export interface DynamoItemsOptions {
  /** Of the own region. */
  readonly client: DynamoDBClient;
  /** Physical names of the tables that are linked to this function. */
  readonly tableNames: Readonly<Partial<Record<Table, string>>>;
  /** Whose items may be written. */
  readonly origin: Origin;
}

/**
 * ms for all pages of a partition: what one page may take at worst, and half as much again for those that follow. Each attempt has
 * its own bound, but a request that reads several pages of a sick table would wait for each of them as long.
 */
const partitionWithinMs = 5_000;

type Refused = WriteOutcome & { readonly type: "refused" };

/** With the item that the conditions were checked on; there is none in the answer when there was none. */
function refused(
  { Item }: ConditionalCheckFailedException,
  operation: string,
): Result<Refused, StorageError> {
  const read = readImage(Item, operation);
  return read.ok ? ok({ type: "refused", ...(read.value === undefined ? {} : { item: read.value }) }) : read;
}

/** A conditional write: what the store's answer says, or that the write was refused. */
async function writing<T, W>(
  operation: string,
  send: () => Promise<T>,
  written: (answer: T) => Result<W, StorageError>,
): Promise<Result<W | Refused, StorageError>> {
  const answer = await storing(operation, () => unless(ConditionalCheckFailedException, send));
  if (!answer.ok) {
    return answer;
  }
  return answer.value instanceof ConditionalCheckFailedException
    ? refused(answer.value, operation)
    : written(answer.value);
}

/** The whole item that an update answers. */
function updatedItem(image: unknown, operation: string): Result<UpdateOutcome, StorageError> {
  const item = readImage(image, operation);
  if (!item.ok) {
    return item;
  }
  return item.value === undefined
    ? err({ type: "unreadable", operation, reason: "no item in the answer" })
    : ok({ type: "written", item: item.value });
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
  const physical = (table: Table): PhysicalTable => ({ client, name: nameOf(table) });

  async function get(table: Table, key: ItemKey): Promise<Result<StoredItem | undefined, StorageError>> {
    const operation = `GetItem ${table}`;
    const command = new GetItemCommand({
      TableName: nameOf(table),
      Key: keyAttributes(key),
      ConsistentRead: true,
    });
    const answer = await storing(operation, () => client.send(command));
    return answer.ok ? readImage(answer.value.Item, operation) : answer;
  }

  async function put(
    table: Table,
    item: StoredItem,
    onlyIf: Update["onlyIf"],
  ): Promise<Result<WriteOutcome, StorageError>> {
    checkPut(item, onlyIf);
    const operation = `PutItem ${table}`;
    const foreign = refuseForeign(operation, table, item, origin);
    if (foreign !== undefined) {
      return err(foreign);
    }
    const command = new PutItemCommand({
      TableName: nameOf(table),
      Item: toAttributes(item),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...conditionExpression(onlyIf),
    });
    return writing(
      operation,
      () => client.send(command),
      () => ok({ type: "written" }),
    );
  }

  async function update(
    table: Table,
    key: ItemKey,
    change: Update,
  ): Promise<Result<UpdateOutcome, StorageError>> {
    checkUpdate(change);
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
      ...updateExpression(change),
    });
    return writing(
      operation,
      () => client.send(command),
      ({ Attributes }) => updatedItem(Attributes, operation),
    );
  }

  return {
    get,
    put,
    update,
    queryPartition: (table, pk) => readPartition(physical(table), `Query ${table}`, pk, partitionWithinMs),
    queryNewest: (table, pk, query) => readNewest(physical(table), `Query ${table}`, pk, query),
    transact: (writes, { token } = {}) => transact({ client, nameOf, origin }, writes, token),
    queryIndex(index, query) {
      const { table } = indexes[index];
      return readIndex(physical(table), `Query ${table}`, index, query);
    },
    scan: (table, page) => readScan(physical(table), `Scan ${table}`, page),
  };
}
