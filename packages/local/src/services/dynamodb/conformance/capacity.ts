import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { newKey, num, put, text } from "./calls.ts";
import { type ConformanceContext, home } from "./world.ts";

const kilobytes = (count: number) => text("x".repeat(count * 1024));
const asked = { ReturnConsumedCapacity: "TOTAL" } as const;
const detailed = { ReturnConsumedCapacity: "INDEXES" } as const;
const TableName = "items";

export function describeCapacity({ world, differences }: ConformanceContext): void {
  const client = () => world().tables(home);

  describe("consumed capacity", () => {
    it("of reads: 4 KB a unit, half when eventually consistent", async () => {
      const key = newKey();
      await put(client(), TableName, { ...key, v: kilobytes(6) });
      const units = async (Key: typeof key, ConsistentRead: boolean) => {
        const answer = await client().send(new GetItemCommand({ TableName, Key, ConsistentRead, ...asked }));
        return answer.ConsumedCapacity;
      };
      expect(await units(key, false)).toEqual({ TableName, CapacityUnits: 1 });
      expect(await units(key, true)).toEqual({ TableName, CapacityUnits: 2 });
      expect(await units(newKey(), false)).toEqual({ TableName, CapacityUnits: 0.5 });
    });

    it("of writes: 1 KB a unit of the larger of old and new", async () => {
      const key = newKey();
      const write = async (size: number) =>
        (
          await client().send(
            new PutItemCommand({ TableName, Item: { ...key, v: kilobytes(size) }, ...asked }),
          )
        ).ConsumedCapacity?.CapacityUnits;
      expect([await write(2), await write(4), await write(1)]).toEqual([3, 5, 5]);
      const updated = await client().send(
        new UpdateItemCommand({
          TableName,
          Key: key,
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": num(1) },
          ...asked,
        }),
      );
      const deleted = await client().send(new DeleteItemCommand({ TableName, Key: key, ...asked }));
      expect([updated.ConsumedCapacity?.CapacityUnits, deleted.ConsumedCapacity?.CapacityUnits]).toEqual([
        2, 2,
      ]);
    });

    it("of writes to indexes: where an entry changes, twice where it moves", async () => {
      const key = newKey();
      const units = async (item: object) =>
        (await client().send(new PutItemCommand({ TableName, Item: { ...key, ...item }, ...detailed })))
          .ConsumedCapacity;
      const one = { CapacityUnits: 1 };
      const two = { CapacityUnits: 2 };
      expect(await units({ group: text("capacity") })).toEqual({
        TableName,
        CapacityUnits: 2,
        Table: one,
        GlobalSecondaryIndexes: { keys: one },
      });
      expect(await units({ group: text("capacity"), rest: text("not projected") })).toEqual({
        TableName,
        CapacityUnits: 1,
        Table: one,
      });
      expect(await units({ group: text("capacity-2") })).toEqual({
        TableName,
        CapacityUnits: 3,
        Table: one,
        GlobalSecondaryIndexes: { keys: two },
      });
    });

    it("of queries: all that was looked at, of the table or the index", async () => {
      const pk = text("capacity-query");
      for (const sk of ["1", "2", "3"]) {
        await put(client(), TableName, { pk, sk: text(sk), v: kilobytes(3), group: pk, order: text(sk) });
      }
      const units = async (more: object, name = "pk") =>
        (
          await client().send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: "#k = :v",
              ExpressionAttributeNames: { "#k": name },
              ExpressionAttributeValues: { ":v": pk },
              ...detailed,
              ...more,
            }),
          )
        ).ConsumedCapacity;
      expect((await units({}))?.CapacityUnits).toBe(1.5);
      expect((await units({ ConsistentRead: true }))?.CapacityUnits).toBe(3);
      expect(await units({ IndexName: "keys" }, "group")).toMatchObject({
        CapacityUnits: 0.5,
        Table: { CapacityUnits: 0 },
        GlobalSecondaryIndexes: { keys: { CapacityUnits: 0.5 } },
      });
      const none = await units({ ExpressionAttributeValues: { ":v": text("nobody") } });
      expect(none?.CapacityUnits).toBe(differences.emptyQueryCapacity);
    });

    it("of batches: item by item", async () => {
      const [a, b] = [newKey(), newKey()];
      const Item = (key: typeof a) => ({ PutRequest: { Item: { ...key, v: kilobytes(2) } } });
      const written = await client().send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: [Item(a), Item(b)] }, ...asked }),
      );
      expect(written.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 6 }]);
      const read = await client().send(
        new BatchGetItemCommand({
          RequestItems: { [TableName]: { Keys: [a, b, newKey()] } },
          ...asked,
        }),
      );
      expect(read.ConsumedCapacity).toEqual([
        { TableName, CapacityUnits: differences.batchCountsMissing ? 1.5 : 1 },
      ]);
    });

    it("of transactions: twice", async () => {
      const [a, b] = [newKey(), newKey()];
      const written = await client().send(
        new TransactWriteItemsCommand({
          TransactItems: [a, b].map((key) => ({ Put: { TableName, Item: { ...key, v: kilobytes(2) } } })),
          ...asked,
        }),
      );
      if (differences.transactionWriteCapacity === "twice") {
        expect(written.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 12, WriteCapacityUnits: 12 }]);
      }
      const read = await client().send(
        new TransactGetItemsCommand({
          TransactItems: [a, b].map((Key) => ({ Get: { TableName, Key } })),
          ...asked,
        }),
      );
      expect(read.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 }]);
    });
  });
}
