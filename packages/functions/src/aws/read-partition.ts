import { err, fromAttributes, ok, type Result, type StorageError, type StoredItem } from "@antipode/core";
import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { storing } from "./storage-errors.ts";

/** Far more pages than a cart or a product fills: each is 1 MB. Beyond, something writes without bound. */
const pagesMax = 32;

export function readItems(
  images: readonly unknown[],
  operation: string,
): Result<readonly StoredItem[], StorageError> {
  const items: StoredItem[] = [];
  for (const image of images) {
    const decoded = fromAttributes(image);
    if (!decoded.ok) {
      return err({
        type: "unreadable",
        operation,
        reason: `${decoded.error.path}: ${decoded.error.reason}`,
      });
    }
    items.push(decoded.value);
  }
  return ok(items);
}

/** All items of one partition by sort key, strongly consistent in the client's region. */
export async function readPartition(
  client: DynamoDBClient,
  tableName: string,
  pk: string,
): Promise<Result<readonly StoredItem[], StorageError>> {
  const operation = `Query ${tableName}`;
  const images: unknown[] = [];
  let startKey: QueryCommandOutput["LastEvaluatedKey"];
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await storing(operation, () =>
      client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": { S: pk } },
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      ),
    );
    if (!answer.ok) {
      return answer;
    }
    images.push(...(answer.value.Items ?? []));
    startKey = answer.value.LastEvaluatedKey;
    if (startKey === undefined) {
      return readItems(images, operation);
    }
  }
  return err({ type: "unreadable", operation, reason: `more than ${pagesMax} pages` });
}
