import {
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { type Attributes, get, newKey, num, put, refusal, text } from "./calls.ts";
import { type ConformanceContext, home } from "./world.ts";

const putOf = (Item: Attributes, more: object = {}): TransactWriteItem => ({
  Put: { TableName: "items", Item, ...more },
});
const incrementOf = (Key: Attributes, more: object = {}): TransactWriteItem => ({
  Update: {
    TableName: "items",
    Key,
    UpdateExpression: "ADD n :one",
    ExpressionAttributeValues: { ":one": num(1) },
    ...more,
  },
});
const deleteOf = (Key: Attributes): TransactWriteItem => ({ Delete: { TableName: "items", Key } });
const checkOf = (Key: Attributes, ConditionExpression: string, more: object = {}): TransactWriteItem => ({
  ConditionCheck: { TableName: "items", Key, ConditionExpression, ...more },
});

export function describeTransactions({ world, differences }: ConformanceContext): void {
  const client = () => world().tables(home);
  const transact = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
    client().send(new TransactWriteItemsCommand({ TransactItems, ...more }));

  describe("transactions", () => {
    it("do all of it", async () => {
      const [a, b, c, d] = [newKey(), newKey(), newKey(), newKey()];
      await put(client(), "items", { ...b, n: num(1) });
      await put(client(), "items", c);
      await transact([
        putOf({ ...a, v: num("1.0") }),
        incrementOf(b),
        deleteOf(c),
        checkOf(d, "attribute_not_exists(pk)"),
        { Put: { TableName: "numbered", Item: { pk: text("transaction"), sk: num(1) } } },
      ]);
      expect(await get(client(), "items", a)).toEqual({ ...a, v: num(1) });
      expect(await get(client(), "items", b)).toEqual({ ...b, n: num(2) });
      expect(await get(client(), "items", c)).toBeUndefined();
      expect(await get(client(), "numbered", { pk: text("transaction"), sk: num(1) })).toBeDefined();
    });

    it("or nothing, with a reason for each action in its place", async () => {
      const [a, b, c] = [newKey(), newKey(), newKey()];
      await put(client(), "items", { ...b, n: num(1) });
      const error = await refusal(
        transact([
          putOf(a),
          putOf(b, {
            ConditionExpression: "attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
          checkOf(c, "attribute_exists(pk)", { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
          incrementOf(newKey()),
        ]),
        "TransactionCanceledException",
      );
      expect(error.message).toContain("[None, ConditionalCheckFailed, ConditionalCheckFailed, None]");
      expect(error["CancellationReasons"]).toMatchObject([
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Item: { ...b, n: num(1) } },
        { Code: "ConditionalCheckFailed" },
        { Code: "None" },
      ]);
      expect((error["CancellationReasons"] as { Item?: unknown }[])[2]?.Item).toBeUndefined();
      expect(await get(client(), "items", a)).toBeUndefined();
      expect(await get(client(), "items", b)).toEqual({ ...b, n: num(1) });
    });

    it("report an action that its item makes impossible", async () => {
      const [a, b] = [newKey(), newKey()];
      await put(client(), "items", { ...b, n: text("not a number") });
      const call = transact([putOf(a), incrementOf(b)]);
      if (differences.impossibleAction === "reason") {
        const error = await refusal(call, "TransactionCanceledException");
        expect(error["CancellationReasons"]).toMatchObject([{ Code: "None" }, { Code: "ValidationError" }]);
      } else await refusal(call, "ValidationException");
      expect(await get(client(), "items", a)).toBeUndefined();
    });

    it("with one token happen once", async () => {
      const key = newKey();
      const token = { ClientRequestToken: `once-${key.pk.S}` };
      await transact([incrementOf(key)], token);
      await transact([incrementOf(key)], token);
      expect((await get(client(), "items", key))?.["n"]).toEqual(num(1));
      await refusal(transact([incrementOf(newKey())], token), "IdempotentParameterMismatchException");
      await transact([incrementOf(key)], { ClientRequestToken: `again-${key.pk.S}` });
      expect((await get(client(), "items", key))?.["n"]).toEqual(num(2));
    });

    it("that were cancelled may be tried again with their token", async () => {
      const [key, gate] = [newKey(), newKey()];
      const attempt = () =>
        transact([incrementOf(key), checkOf(gate, "attribute_exists(pk)")], {
          ClientRequestToken: `t-${key.pk.S}`,
        });
      await refusal(attempt(), "TransactionCanceledException");
      await put(client(), "items", gate);
      await attempt();
      expect((await get(client(), "items", key))?.["n"]).toEqual(num(1));
    });

    it("have 1 to 100 actions", async () => {
      const keys = Array.from({ length: 101 }, () => newKey());
      await transact(keys.slice(0, 100).map((key) => putOf(key)));
      await refusal(transact(keys.map((key) => putOf(key))), "ValidationException");
      await refusal(transact([]), "ValidationException");
      await refusal(transact([{}]), "ValidationException");
    });

    it("hold at most 4 MB", async () => {
      const large = () => putOf({ ...newKey(), v: text("x".repeat(400_000)) });
      await transact(Array.from({ length: 10 }, large));
      const tooMuch = Array.from({ length: 11 }, large);
      const error = await refusal(transact(tooMuch), "ValidationException");
      expect(error.message).toMatch(/^Transaction payload size cannot exceed 4MB/);
      expect(
        await get(client(), "items", { pk: tooMuch[0]?.Put?.Item?.["pk"] ?? text(""), sk: text("s") }),
      ).toBe(undefined);
    });

    it("let no item grow beyond 400 KB", async () => {
      const [a, b] = [newKey(), newKey()];
      await put(client(), "items", { ...b, v: text("x".repeat(400_000)) });
      const grown: TransactWriteItem = {
        Update: {
          TableName: "items",
          Key: b,
          UpdateExpression: "SET w = :w",
          ExpressionAttributeValues: { ":w": text("x".repeat(10_000)) },
        },
      };
      const error = await refusal(transact([putOf(a), grown]), "TransactionCanceledException");
      expect(error["CancellationReasons"]).toMatchObject([
        { Code: "None" },
        { Code: "ValidationError", Message: "Item size to update has exceeded the maximum allowed size" },
      ]);
      expect(await get(client(), "items", a)).toBeUndefined();
    });

    it("act on an item once, checks included", async () => {
      const key = newKey();
      await refusal(transact([putOf(key), deleteOf(key)]), "ValidationException");
      expect(await get(client(), "items", key)).toBeUndefined();
      await put(client(), "items", key);
      await refusal(transact([putOf(key), checkOf(key, "attribute_exists(pk)")]), "ValidationException");
    });

    it("refuse broken actions", async () => {
      await refusal(transact([putOf(newKey(), { ConditionExpression: "v ==" })]), "ValidationException");
      await refusal(
        transact([{ Put: { TableName: "nowhere", Item: newKey() } }]),
        "ResourceNotFoundException",
      );
      await refusal(
        transact([putOf({ ...newKey(), v: text("x".repeat(410 * 1024)) })]),
        "ValidationException",
      );
      await refusal(
        transact([putOf(newKey())], { ClientRequestToken: "more than thirty-six characters long" + "!" }),
        "ValidationException",
      );
    });
  });

  describe("transactions that read", () => {
    const read = (keys: readonly Attributes[], ProjectionExpression?: string) =>
      client().send(
        new TransactGetItemsCommand({
          TransactItems: keys.map((Key) => ({ Get: { TableName: "items", Key, ProjectionExpression } })),
        }),
      );

    it("give items in their places", async () => {
      const [a, b, c] = [newKey(), newKey(), newKey()];
      await put(client(), "items", { ...a, v: num(1) });
      await put(client(), "items", { ...c, v: num(3) });
      expect((await read([a, b, c])).Responses).toEqual([
        { Item: { ...a, v: num(1) } },
        {},
        { Item: { ...c, v: num(3) } },
      ]);
      expect((await read([c], "v")).Responses).toEqual([{ Item: { v: num(3) } }]);
    });

    it("have 1 to 100 gets of different items", async () => {
      const key = newKey();
      await refusal(read(Array.from({ length: 101 }, () => newKey())), "ValidationException");
      await refusal(read([]), "ValidationException");
      await refusal(read([key, key]), "ValidationException");
    });
  });
}
