import { cellKey, makeCellId, type Sku } from "@antipode/core";
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { tableName } from "../function/links.ts";
import { homeOrigin } from "../store/sample-shop.ts";

/** The cell before one unit was taken from it: what the dispatcher looks at, since held units that are sold change nothing. */
function beforeHold(item: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return { ...item, available: { N: String(Number(item["available"]?.N ?? 0) + 1) } };
}

/** The stream's event of one taking from the home region's cell, as the cell is now. */
export async function cellEvent(client: DynamoDBClient, sku: Sku, nowMs: number): Promise<object> {
  const { pk, sk } = cellKey(sku, makeCellId(homeOrigin, 0));
  const Keys = { pk: { S: pk }, sk: { S: sk } };
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName("Stock"), Key: Keys }));
  if (Item === undefined) {
    throw new Error(`${sku} has no cell`);
  }
  return {
    Records: [
      {
        eventID: "event-1",
        eventName: "MODIFY",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "us-east-1",
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(nowMs / 1000),
          Keys,
          NewImage: Item,
          OldImage: beforeHold(Item),
          SequenceNumber: "1".padStart(21, "0"),
          SizeBytes: 600,
          StreamViewType: "NEW_AND_OLD_IMAGES",
        },
      },
    ],
  };
}
