import {
  type AddLine,
  addUpdate,
  type CartId,
  cartKey,
  cartPartition,
  fromAttributes,
  type Origin,
  type ProductId,
  type StoredItem,
  viewKey,
} from "@antipode/core";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { updateExpression } from "../../../functions/src/aws/expressions.ts";

export interface PeerTables {
  readonly carts: string;
  readonly views: string;
}

function read(image: unknown): StoredItem {
  const item = fromAttributes(image);
  if (!item.ok) {
    throw new Error(`${item.error.path}: ${item.error.reason}`);
  }
  return item.value;
}

/** The API's store calls, for what the benches ask: one GetItem, or one UpdateItem and one Query. */
export function createPeerStore(region: string, tables: PeerTables) {
  const client = new DynamoDBClient({ region, maxAttempts: 3 });
  return {
    async getView(id: ProductId): Promise<StoredItem | undefined> {
      const { pk, sk } = viewKey(id);
      const answer = await client.send(
        new GetItemCommand({
          TableName: tables.views,
          Key: { pk: { S: pk }, sk: { S: sk } },
          ConsistentRead: true,
        }),
      );
      return answer.Item === undefined ? undefined : read(answer.Item);
    },

    async queryCart(id: CartId): Promise<readonly StoredItem[]> {
      const answer = await client.send(
        new QueryCommand({
          TableName: tables.carts,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": { S: cartPartition(id) } },
        }),
      );
      return (answer.Items ?? []).map(read);
    },

    async addLine(
      line: AddLine,
      origin: Origin,
    ): Promise<{ readonly written: boolean; readonly item: StoredItem | undefined }> {
      const { pk, sk } = cartKey(line.cartId, origin);
      const command = new UpdateItemCommand({
        TableName: tables.carts,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ...updateExpression(addUpdate(line)),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        const answer = await client.send(command);
        return { written: true, item: read(answer.Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) {
          throw error;
        }
        return { written: false, item: error.Item === undefined ? undefined : read(error.Item) };
      }
    },
  };
}

export type PeerStore = ReturnType<typeof createPeerStore>;
