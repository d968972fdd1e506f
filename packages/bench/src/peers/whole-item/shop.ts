/**
 * The usual way on DynamoDB: a cart is one item that every region writes, read first and put back when its version is
 * still the same. Two regions' writes of one cart settle by the last writer.
 */
import { type CartId, fromAttributes, type StoredItem, type Table, toAttributes } from "@antipode/core";
import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { ApiCall } from "../../calls/api-calls.ts";
import { type Carts, guestLines, productCount, putAll } from "../../calls/shop-content.ts";
import { tableName } from "../../function/links.ts";
import { productIdAt, sampleProduct, sampleProductItems, skuAt } from "../../store/sample-shop.ts";

type Quantities = Readonly<Record<string, number>>;

const cartItemKey = (id: CartId) => ({ pk: `CART#${id}`, sk: "WHOLE" });

function cartItem(id: CartId, version: number, lines: Quantities, nowMs: number): StoredItem {
  return { ...cartItemKey(id), version, lines, touchedAt: nowMs, expiresAt: Math.ceil(nowMs / 1000) };
}

function quantities(count: number): Quantities {
  return Object.fromEntries(Array.from({ length: count }, (_, line) => [skuAt(line), 1 + (line % 5)]));
}

export async function fillWholeItems(
  client: DynamoDBClient,
  { own, guest }: Carts,
  nowMs: number,
  lines: number,
) {
  const products = Array.from({ length: productCount }, (_, number) => ({
    ...sampleProductItems(number, nowMs).view,
    version: 1,
  }));
  await putAll(client, "Views", products);
  await putAll(client, "Carts", [
    cartItem(own, 1, quantities(lines), nowMs),
    cartItem(guest, 1, quantities(guestLines), nowMs),
  ]);
}

function createStore(client: DynamoDBClient) {
  return {
    async read(table: Table, { pk, sk }: { readonly pk: string; readonly sk: string }): Promise<StoredItem> {
      const command = new GetItemCommand({
        TableName: tableName(table),
        Key: { pk: { S: pk }, sk: { S: sk } },
        ConsistentRead: true,
      });
      const item = fromAttributes((await client.send(command)).Item);
      if (!item.ok) {
        throw new Error(`${pk}: ${item.error.path}: ${item.error.reason}`);
      }
      return item.value;
    },

    async replace(table: Table, before: StoredItem, after: StoredItem): Promise<void> {
      const version = Number(before["version"]);
      await client.send(
        new PutItemCommand({
          TableName: tableName(table),
          Item: toAttributes({ ...after, version: version + 1 }),
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": { N: String(version) } },
        }),
      );
    },

    async list(): Promise<number> {
      const command = new QueryCommand({
        TableName: tableName("Views"),
        IndexName: "byCategory",
        KeyConditionExpression: "category = :category",
        ExpressionAttributeValues: { ":category": { S: "home" } },
        Limit: 21,
      });
      return (await client.send(command)).Items?.length ?? 0;
    },
  };
}

type Store = ReturnType<typeof createStore>;

const productKey = { pk: `PRODUCT#${productIdAt(3)}`, sk: "VIEW" };

async function editPrice(store: Store): Promise<void> {
  const product = await store.read("Views", productKey);
  const [edited] = sampleProduct(3).variants;
  const before = product["variants"] as readonly { readonly sku: string; readonly prices: object }[];
  const variants = before.map((variant) =>
    variant.sku === edited?.sku ? { ...variant, prices: { ...variant.prices, EUR: 3_900 } } : variant,
  );
  await store.replace("Views", product, { ...product, variants } as StoredItem);
}

/** The same calls as the API's, as a whole-item shop makes them; each throws when it fails. */
export function wholeItemCalls(
  client: DynamoDBClient,
  { own, guest }: Carts,
): Readonly<Record<ApiCall, () => Promise<unknown>>> {
  const store = createStore(client);
  const linesOf = (item: StoredItem) => item["lines"] as Quantities;
  async function change(to: (lines: Quantities) => Quantities): Promise<void> {
    const cart = await store.read("Carts", cartItemKey(own));
    await store.replace("Carts", cart, { ...cart, lines: to(linesOf(cart)) });
  }

  return {
    "product read": () => store.read("Views", productKey),
    "listing page of 20": () => store.list(),
    "cart read": () => store.read("Carts", cartItemKey(own)),
    "add to cart": () => change((lines) => ({ ...lines, [skuAt(1)]: (lines[skuAt(1)] ?? 0) + 2 })),
    "set quantity": () => change((lines) => ({ ...lines, [skuAt(2)]: 4 })),
    "remove line": () => change(({ [skuAt(3)]: _removed, ...lines }) => lines),
    "merge of a guest's cart": async () => {
      const guests = linesOf(await store.read("Carts", cartItemKey(guest)));
      await change((lines) => {
        const added = Object.entries(guests).map(([sku, units]) => [sku, (lines[sku] ?? 0) + units]);
        return { ...lines, ...Object.fromEntries(added) };
      });
    },
    "price edit": () => editPrice(store),
  };
}
