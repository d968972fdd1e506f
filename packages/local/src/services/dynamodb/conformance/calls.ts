import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";

export type Attributes = Record<string, AttributeValue>;

export const text = (value: string): AttributeValue => ({ S: value });
export const num = (value: number | string): AttributeValue => ({ N: String(value) });

let keys = 0;

/** A key that no other test uses. */
export function newKey(sk = "s"): { pk: AttributeValue; sk: AttributeValue } {
  keys += 1;
  return { pk: text(`key-${keys}`), sk: text(sk) };
}

export async function put(client: DynamoDBClient, table: string, item: Attributes): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: item }));
}

export async function get(
  client: DynamoDBClient,
  table: string,
  key: Attributes,
): Promise<Attributes | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  return Item;
}

export async function query(
  client: DynamoDBClient,
  input: Omit<QueryCommandInput, "TableName"> & { readonly TableName?: string },
): Promise<Attributes[]> {
  const { Items } = await client.send(new QueryCommand({ TableName: "items", ...input }));
  return Items ?? [];
}

/** Runs an update of the table `items` and returns the whole item after it. */
export async function update(
  client: DynamoDBClient,
  key: Attributes,
  UpdateExpression: string,
  ExpressionAttributeValues?: Attributes,
  more: Partial<UpdateItemCommandInput> = {},
): Promise<Attributes | undefined> {
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: "items",
      Key: key,
      UpdateExpression,
      ReturnValues: "ALL_NEW",
      ...(ExpressionAttributeValues === undefined ? {} : { ExpressionAttributeValues }),
      ...more,
    }),
  );
  return Attributes;
}

/** Expects an error of this name and returns it. */
export async function refusal(
  call: Promise<unknown>,
  name: string,
): Promise<Error & Record<string, unknown>> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in outcome)) expect.fail(`expected ${name}, got ${JSON.stringify(outcome.value)}`);
  expect(outcome.error).toMatchObject({ name });
  return outcome.error as Error & Record<string, unknown>;
}

/** Sets have no order: sorted, they can be compared. */
export function sorted(value: AttributeValue | undefined): string[] {
  return [...(value?.SS ?? value?.NS ?? [])].sort();
}
