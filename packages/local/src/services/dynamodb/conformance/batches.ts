import { BatchGetItemCommand, BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { type Attributes, get, newKey, num, put, refusal, text } from "./calls.ts";
import { type ConformanceContext, home } from "./world.ts";

const putOf = (Item: Attributes): WriteRequest => ({ PutRequest: { Item } });
const deleteOf = (Key: Attributes): WriteRequest => ({ DeleteRequest: { Key } });

export function describeBatches({ world }: ConformanceContext): void {
  const client = () => world().tables(home);
  const write = (RequestItems: Record<string, WriteRequest[]>) =>
    client().send(new BatchWriteItemCommand({ RequestItems }));
  const read = (Keys: Attributes[]) =>
    client().send(new BatchGetItemCommand({ RequestItems: { items: { Keys, ConsistentRead: true } } }));

  describe("batches", () => {
    it("write and delete in several tables", async () => {
      const [gone, kept] = [newKey(), newKey()];
      await put(client(), "items", gone);
      const { UnprocessedItems } = await write({
        items: [deleteOf(gone), putOf({ ...kept, v: num("1.0") })],
        numbered: [putOf({ pk: text("batch"), sk: num(1) })],
      });
      expect(UnprocessedItems).toEqual({});
      expect(await get(client(), "items", gone)).toBeUndefined();
      expect(await get(client(), "items", kept)).toEqual({ ...kept, v: num(1) });
      expect(await get(client(), "numbered", { pk: text("batch"), sk: num("1.00") })).toBeDefined();
    });

    it("read what is there, of several tables", async () => {
      const present = newKey();
      await put(client(), "items", { ...present, v: num(1) });
      const { Responses, UnprocessedKeys } = await client().send(
        new BatchGetItemCommand({
          RequestItems: {
            items: { Keys: [present, newKey()], ProjectionExpression: "v" },
            numbered: { Keys: [{ pk: text("nothing"), sk: num(1) }] },
          },
        }),
      );
      expect(Responses).toEqual({ items: [{ v: num(1) }], numbered: [] });
      expect(UnprocessedKeys).toEqual({});
    });

    it("write at most 25 and read at most 100", async () => {
      const keys = Array.from({ length: 101 }, () => newKey());
      await write({ items: keys.slice(0, 25).map(putOf) });
      expect((await read(keys.slice(0, 100))).Responses?.["items"]).toHaveLength(25);
      await refusal(write({ items: keys.slice(0, 26).map(putOf) }), "ValidationException");
      await refusal(
        write({
          items: keys.slice(0, 20).map(putOf),
          numbered: Array.from({ length: 6 }, (_, index) => putOf({ pk: text("many"), sk: num(index) })),
        }),
        "ValidationException",
      );
      await refusal(read(keys), "ValidationException");
    });

    it("name an item once", async () => {
      const key = newKey();
      await refusal(write({ items: [putOf(key), deleteOf(key)] }), "ValidationException");
      await refusal(read([key, key]), "ValidationException");
    });

    it("with one bad write write nothing", async () => {
      const key = newKey();
      await refusal(
        write({ items: [putOf(key), putOf({ pk: text("no sort key") })] }),
        "ValidationException",
      );
      expect(await get(client(), "items", key)).toBeUndefined();
    });

    it("are not empty, and need their tables", async () => {
      await refusal(write({}), "ValidationException");
      await refusal(write({ items: [] }), "ValidationException");
      await refusal(write({ nowhere: [putOf(newKey())] }), "ResourceNotFoundException");
      await refusal(read([{ pk: text("a") }]), "ValidationException");
    });
  });
}
