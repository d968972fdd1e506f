import {
  type Condition,
  checkTransaction,
  err,
  type Origin,
  ok,
  type Result,
  refuseTransaction,
  type StorageError,
  type Table,
  type TransactionOutcome,
  type TransactionWrite,
  toAttributes,
  transactionOperation,
} from "@antipode/core";
import {
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { cancelled } from "./cancelled.ts";
import { conditionExpression, updateExpression } from "./expressions.ts";
import { keyAttributes } from "./images.ts";
import { storing, unless } from "./storage-errors.ts";

export interface TransactOptions {
  readonly client: DynamoDBClient;
  readonly nameOf: (table: Table) => string;
  readonly origin: Origin;
}

const oldItem = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

function required(conditions: readonly Condition[]) {
  const { ConditionExpression = "", ...rest } = conditionExpression(conditions);
  return { ConditionExpression, ...rest };
}

function actionOf(write: TransactionWrite, TableName: string): TransactWriteItem {
  switch (write.type) {
    case "put":
      return {
        Put: { TableName, Item: toAttributes(write.item), ...oldItem, ...conditionExpression(write.onlyIf) },
      };
    case "update": {
      const { UpdateExpression = "", ...rest } = updateExpression(write.update);
      return { Update: { TableName, Key: keyAttributes(write.key), UpdateExpression, ...oldItem, ...rest } };
    }
    case "check":
      return {
        ConditionCheck: { TableName, Key: keyAttributes(write.key), ...oldItem, ...required(write.onlyIf) },
      };
  }
}

/** TransactWriteItems. The SDK makes up a token where the caller has none, so that its own retries write once. */
export async function transact(
  { client, nameOf, origin }: TransactOptions,
  writes: readonly TransactionWrite[],
  token: string | undefined,
): Promise<Result<TransactionOutcome, StorageError>> {
  checkTransaction(writes, token);
  const refusal = refuseTransaction(writes, origin);
  if (refusal !== undefined) {
    return err(refusal);
  }
  const operation = transactionOperation(writes);
  const command = new TransactWriteItemsCommand({
    TransactItems: writes.map((write) => actionOf(write, nameOf(write.table))),
    ...(token === undefined ? {} : { ClientRequestToken: token }),
  });
  const answer = await storing(operation, () =>
    unless(TransactionCanceledException, () => client.send(command)),
  );
  if (!answer.ok) {
    return answer;
  }
  return answer.value instanceof TransactionCanceledException
    ? cancelled(answer.value, operation)
    : ok({ type: "written" });
}
