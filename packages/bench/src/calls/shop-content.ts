import {
  type CartId,
  cartToItem,
  globalTables,
  indexes,
  isGlobalTable,
  regionalTables,
  regions,
  type StoredItem,
  type Table,
  toAttributes,
} from "@antipode/core";
import { type RunningDynamo, startDynamo } from "@antipode/local/testing";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { tableName } from "../function/links.ts";
import { cartIdAt, sampleCart, sampleProductItems } from "../store/sample-shop.ts";

/** One more than a page of the listing, so that the answer has a next page. */
export const productCount = 21;
export const guestLines = 3;

/** Beyond the own cart's operations: an id stands for one operation. */
const firstGuestOperation = 5_000;

export interface Carts {
  readonly own: CartId;
  readonly guest: CartId;
}

export function cartsAt(nowMs: number): Carts {
  return { own: cartIdAt(nowMs, 1), guest: cartIdAt(nowMs, 2, 9) };
}

export function createClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    region: regions[0].name,
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
}

const tables = [...globalTables, ...regionalTables].map((table) => ({
  name: tableName(table),
  global: isGlobalTable(table),
  globalSecondaryIndexes: Object.entries(indexes)
    .filter(([, index]) => index.table === table)
    .map(([name, { hashKey, rangeKey, holds }]) => ({
      name,
      hashKey,
      rangeKey,
      projection: { type: holds === "items" ? ("ALL" as const) : ("KEYS_ONLY" as const) },
    })),
}));

export function startTables(): Promise<RunningDynamo> {
  return startDynamo({ regions: regions.map(({ name }) => name), tables });
}

export async function putAll(
  client: DynamoDBClient,
  table: Table,
  items: readonly StoredItem[],
): Promise<void> {
  for (const item of items) {
    await client.send(new PutItemCommand({ TableName: tableName(table), Item: toAttributes(item) }));
  }
}

/** Products, a cart of so many lines and a guest's of three, each line added in the next region and replicated since. */
export async function fillShop(endpoint: string, nowMs: number, lines: number): Promise<void> {
  const client = createClient(endpoint);
  const products = Array.from({ length: productCount }, (_, number) => sampleProductItems(number, nowMs));
  const { own, guest } = cartsAt(nowMs);
  await putAll(
    client,
    "Catalog",
    products.map(({ catalog }) => catalog),
  );
  await putAll(
    client,
    "Views",
    products.map(({ view }) => view),
  );
  await putAll(client, "Carts", sampleCart(own, nowMs, lines).map(cartToItem));
  const guestCart = sampleCart(guest, nowMs, guestLines, firstGuestOperation).filter(
    ({ operations }) => operations.size > 0,
  );
  await putAll(client, "Carts", guestCart.map(cartToItem));
  client.destroy();
}
