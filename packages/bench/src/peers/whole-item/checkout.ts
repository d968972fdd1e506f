/**
 * The usual way on DynamoDB: one item for a cart, one for the stock and price of a SKU, one for an order, and one
 * transaction that takes the units, puts the order and deletes the cart. One region writes them all.
 */
import { fromAttributes, type StoredItem, type Table, toAttributes } from "@antipode/core";
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { createClient, putAll } from "../../calls/shop-content.ts";
import {
  type Basket,
  basketLines,
  operationOf,
  paymentMethod,
  soldCurrency,
  soldUnitMinor,
} from "../../checkout/requests.ts";
import { paymentKey, tableName } from "../../function/links.ts";
import { productIdAt, soldSkuAt } from "../../store/sample-shop.ts";

type Key = Pick<StoredItem, "pk" | "sk">;

const cartKey = ({ cart }: Basket): Key => ({ pk: `CART#${cart}`, sk: "WHOLE" });
const stockKey = (sku: string): Key => ({ pk: `SKU#${sku}`, sk: "WHOLE" });
const summaryKey = (line: number): Key => ({ pk: `SUMMARY#${soldSkuAt(line)}`, sk: "WHOLE" });
const orderKey = (basket: Basket, nowMs: number): Key => ({
  pk: `ORDER#${operationOf(basket, nowMs)}`,
  sk: "WHOLE",
});

const keyAttributes = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } });

/** Carts, and ten SKUs with their stock and price. */
export async function fillWholeShop(
  endpoint: string,
  nowMs: number,
  baskets: readonly Basket[],
): Promise<void> {
  const client = createClient(endpoint);
  const stock = Array.from({ length: 10 }, (_, number) => ({
    ...stockKey(soldSkuAt(number)),
    units: 4_000,
    product: productIdAt(number),
    title: `Desk lamp ${number}`,
    variant: "Black",
    prices: { EUR: soldUnitMinor, GBP: 5_000, INR: 5_100, USD: 5_200 },
    version: 1,
    touchedAt: nowMs,
  }));
  const carts = baskets.map((basket) => ({
    ...cartKey(basket),
    version: 1,
    lines: Object.fromEntries(basketLines(basket, nowMs).map(({ sku, quantity }) => [sku, quantity])),
    touchedAt: nowMs,
  }));
  await putAll(client, "Stock", stock);
  await putAll(
    client,
    "Views",
    stock.map(({ sk, units, version }, number) => ({ pk: summaryKey(number).pk, sk, units, version })),
  );
  await putAll(client, "Carts", carts);
  client.destroy();
}

async function read(client: DynamoDBClient, table: Table, key: Key): Promise<StoredItem | undefined> {
  const command = new GetItemCommand({
    TableName: tableName(table),
    Key: keyAttributes(key),
    ConsistentRead: true,
  });
  const { Item } = await client.send(command);
  if (Item === undefined) {
    return undefined;
  }
  const item = fromAttributes(Item);
  if (!item.ok) {
    throw new Error(`${key.pk}: ${item.error.path}: ${item.error.reason}`);
  }
  return item.value;
}

async function readPresent(client: DynamoDBClient, table: Table, key: Key): Promise<StoredItem> {
  const item = await read(client, table, key);
  if (item === undefined) {
    throw new Error(`${key.pk} is not there`);
  }
  return item;
}

/** One call of the provider, under an idempotency key. */
async function pay(provider: string, address: string, form: Readonly<Record<string, string>>, key: string) {
  const answer = await fetch(`${provider}/v1/payment_intents${address}`, {
    method: "POST",
    headers: { authorization: `Bearer ${paymentKey}`, "idempotency-key": key },
    body: new URLSearchParams(form),
  });
  const body = (await answer.json()) as { id: string; status: string };
  if (!answer.ok) {
    throw new Error(`payment${address}: ${answer.status} ${JSON.stringify(body)}`);
  }
  return body;
}

function orderItem(
  basket: Basket,
  nowMs: number,
  content: { readonly lines: readonly StoredLine[]; readonly totalMinor: number; readonly payment: string },
): StoredItem {
  return {
    ...orderKey(basket, nowMs),
    state: "paid",
    cart: basket.cart,
    currency: soldCurrency,
    method: paymentMethod,
    ...content,
    lines: content.lines.map((line) => ({ ...line })),
    placedAt: nowMs,
    touchedAt: nowMs,
  };
}

interface StoredLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly product: string;
  readonly title: string;
}

/** Units, order and cart at once, as long as there are units and the cart is what was read. */
async function place(
  client: DynamoDBClient,
  cart: StoredItem,
  order: StoredItem,
  lines: readonly StoredLine[],
): Promise<void> {
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        ...lines.map(({ sku, quantity }) => ({
          Update: {
            TableName: tableName("Stock"),
            Key: keyAttributes(stockKey(sku)),
            UpdateExpression: "ADD #units :minus, version :one",
            ConditionExpression: "#units >= :quantity",
            ExpressionAttributeNames: { "#units": "units" },
            ExpressionAttributeValues: {
              ":minus": { N: String(-quantity) },
              ":one": { N: "1" },
              ":quantity": { N: String(quantity) },
            },
          },
        })),
        {
          Put: {
            TableName: tableName("Orders"),
            Item: toAttributes(order),
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
        {
          Delete: {
            TableName: tableName("Carts"),
            Key: keyAttributes(cart),
            ConditionExpression: "version = :version",
            ExpressionAttributeValues: { ":version": { N: String(cart["version"]) } },
          },
        },
      ],
    }),
  );
}

/** The shop's calls as a whole-item shop makes them; each throws when it fails. */
export function wholeItemShop(client: DynamoDBClient, provider: string, nowMs: number) {
  return {
    /** Answers the order, also when it is there already. */
    async checkout(basket: Basket): Promise<StoredItem> {
      const cart = await read(client, "Carts", cartKey(basket));
      if (cart === undefined) {
        return readPresent(client, "Orders", orderKey(basket, nowMs));
      }
      const quantities = Object.entries(cart["lines"] as Readonly<Record<string, number>>);
      const lines = await Promise.all(
        quantities.map(async ([sku, quantity]): Promise<StoredLine> => {
          const stock = await readPresent(client, "Stock", stockKey(sku));
          const prices = stock["prices"] as Readonly<Record<string, number>>;
          return {
            sku,
            quantity,
            unitMinor: prices[soldCurrency] ?? 0,
            product: String(stock["product"]),
            title: String(stock["title"]),
          };
        }),
      );
      const totalMinor = lines.reduce((sum, line) => sum + line.unitMinor * line.quantity, 0);
      const key = operationOf(basket, nowMs);
      const form = { amount: String(totalMinor), currency: "eur", capture_method: "manual" };
      const { id } = await pay(provider, "", form, `${key}-create`);
      await pay(provider, `/${id}/confirm`, { payment_method: paymentMethod }, `${key}-confirm`);
      const order = orderItem(basket, nowMs, { lines, totalMinor, payment: id });
      await place(client, cart, order, lines);
      const captured = await pay(provider, `/${id}/capture`, {}, `${key}-capture`);
      if (captured.status !== "succeeded") {
        throw new Error(`the payment is ${captured.status}`);
      }
      return order;
    },
    readOrder: (basket: Basket) => readPresent(client, "Orders", orderKey(basket, nowMs)),
    readStock: (line: number) => readPresent(client, "Stock", stockKey(soldSkuAt(line))),
    /** A summary for people that a stream keeps: read, and put back when it is still the same. */
    async keepSummary(line: number, units: number): Promise<void> {
      const before = await readPresent(client, "Views", summaryKey(line));
      const version = Number(before["version"]);
      await client.send(
        new PutItemCommand({
          TableName: tableName("Views"),
          Item: toAttributes({ ...before, units, version: version + 1 }),
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": { N: String(version) } },
        }),
      );
    },
  };
}
