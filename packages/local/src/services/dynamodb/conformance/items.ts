import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { type Attributes, get, newKey, num, put, refusal, text } from "./calls.ts";
import { type ConformanceContext, home, other } from "./world.ts";

const kilobyte = 1024;

export function describeItems({ world }: ConformanceContext): void {
  const client = () => world().tables(home);

  describe("items", () => {
    it("come back as they were put, whatever their types", async () => {
      const item: Attributes = {
        ...newKey(),
        s: text("héllo"),
        empty: text(""),
        b: { B: new Uint8Array([0, 1, 255]) },
        yes: { BOOL: true },
        no: { BOOL: false },
        nothing: { NULL: true },
        l: { L: [num(1), { L: [] }, { M: { deep: { L: [{ M: { er: text("x") } }] } } }] },
        m: { M: { a: num(1), none: { M: {} } } },
        ss: { SS: ["a"] },
        ns: { NS: ["1"] },
        bs: { BS: [new Uint8Array([7])] },
      };
      await put(client(), "items", item);
      expect(await get(client(), "items", { pk: item["pk"] ?? text(""), sk: text("s") })).toEqual(item);
    });

    it("live in one region only", async () => {
      const key = newKey();
      await put(client(), "items", key);
      expect(await get(world().tables(other), "items", key)).toBeUndefined();
    });

    it.each([
      ["1.50", "1.5"],
      ["00012", "12"],
      ["-0.0", "0"],
      ["1e3", "1000"],
      ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
      ["0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"],
      ["-1.10", "-1.1"],
    ])("store the number %s as %s", async (given, stored) => {
      const key = newKey();
      await put(client(), "items", { ...key, n: num(given) });
      expect((await get(client(), "items", key))?.["n"]).toEqual(num(stored));
    });

    it.each([
      ["39 digits", num("123456789012345678901234567890123456789")],
      ["too large a number", num("1E126")],
      ["too small a number", num("1E-131")],
      ["no number", num("abc")],
      ["an empty number", num("")],
      ["an empty string set", { SS: [] }],
      ["an empty number set", { NS: [] }],
      ["an empty binary set", { BS: [] }],
      ["a string twice in a set", { SS: ["a", "a"] }],
      ["a number twice in a set", { NS: ["1", "1.0"] }],
      ["an empty set inside a map", { M: { a: { L: [{ SS: [] }] } } }],
    ])("refuse %s", async (_, value) => {
      await refusal(put(client(), "items", { ...newKey(), v: value }), "ValidationException");
    });

    it.each<[string, Attributes]>([
      ["no sort key", { pk: text("a") }],
      ["an empty partition key", { pk: text(""), sk: text("a") }],
      ["an empty sort key", { pk: text("a"), sk: text("") }],
      ["a key of a wrong type", { pk: num(1), sk: text("a") }],
      ["an index key of a wrong type", { pk: text("a"), sk: text("a"), group: num(1) }],
      ["an empty index key", { pk: text("a"), sk: text("a"), group: text("") }],
      ["a partition key over 2048 bytes", { pk: text("p".repeat(2049)), sk: text("a") }],
      ["a sort key over 1024 bytes", { pk: text("a"), sk: text("s".repeat(1025)) }],
    ])("refuse %s", async (_, item) => {
      await refusal(put(client(), "items", item), "ValidationException");
    });

    it("take keys up to 2048 and 1024 bytes", async () => {
      const key = { pk: text("p".repeat(2048)), sk: text("s".repeat(1024)) };
      await put(client(), "items", key);
      expect(await get(client(), "items", key)).toEqual(key);
    });

    it("are at most 400 KB, names and UTF-8 bytes counted", async () => {
      const key = newKey();
      const room = 400 * kilobyte - "pk".length - (key.pk.S?.length ?? 0) - "sk".length - 1 - "v".length;
      await put(client(), "items", { ...key, v: text("x".repeat(room)) });
      await refusal(put(client(), "items", { ...key, v: text("x".repeat(room + 1)) }), "ValidationException");
      await refusal(
        put(client(), "items", { ...key, v: text("é".repeat(room / 2 + 1)) }),
        "ValidationException",
      );
    });

    it("are read by their whole key", async () => {
      const read = (Key: Attributes) => client().send(new GetItemCommand({ TableName: "items", Key }));
      await refusal(read({ pk: text("a") }), "ValidationException");
      await refusal(read({ pk: num(1), sk: text("a") }), "ValidationException");
      await refusal(read({ pk: text("a"), sk: text("a"), more: text("a") }), "ValidationException");
    });

    it("can be read in part", async () => {
      const key = newKey();
      await put(client(), "items", {
        ...key,
        a: num(1),
        m: { M: { x: num(2), y: num(3) } },
        l: { L: [num(4), num(5), num(6)] },
      });
      const part = async (ProjectionExpression: string) =>
        (await client().send(new GetItemCommand({ TableName: "items", Key: key, ProjectionExpression })))
          .Item;
      expect(await part("a, m.y")).toEqual({ a: num(1), m: { M: { y: num(3) } } });
      expect(await part("l[2], l[0]")).toEqual({ l: { L: [num(4), num(6)] } });
      expect(await part("nope")).toEqual({});
      await refusal(part("a, a"), "ValidationException");
    });

    it("return what they replace or delete, when asked", async () => {
      const key = newKey();
      const old = { ...key, v: num(1) };
      const replace = (item: Attributes) =>
        client().send(new PutItemCommand({ TableName: "items", Item: item, ReturnValues: "ALL_OLD" }));
      const remove = () =>
        client().send(new DeleteItemCommand({ TableName: "items", Key: key, ReturnValues: "ALL_OLD" }));
      expect((await replace(old)).Attributes).toBeUndefined();
      expect((await replace({ ...key, v: num(2) })).Attributes).toEqual(old);
      expect((await remove()).Attributes).toEqual({ ...key, v: num(2) });
      expect((await remove()).Attributes).toBeUndefined();
      await refusal(
        client().send(new PutItemCommand({ TableName: "items", Item: old, ReturnValues: "ALL_NEW" })),
        "ValidationException",
      );
      await refusal(
        client().send(new DeleteItemCommand({ TableName: "items", Key: key, ReturnValues: "UPDATED_OLD" })),
        "ValidationException",
      );
    });

    it("return nothing when not asked", async () => {
      const key = newKey();
      await put(client(), "items", key);
      const { Attributes, ConsumedCapacity } = await client().send(
        new PutItemCommand({ TableName: "items", Item: { ...key, v: num(1) } }),
      );
      expect({ Attributes, ConsumedCapacity }).toEqual({
        Attributes: undefined,
        ConsumedCapacity: undefined,
      });
    });

    it("need a table", async () => {
      await refusal(put(client(), "nowhere", newKey()), "ResourceNotFoundException");
    });

    it("may have bytes for keys", async () => {
      const key = { pk: { B: new Uint8Array([255, 0]) } };
      await put(client(), "binary", key);
      expect(await get(client(), "binary", key)).toEqual(key);
    });
  });
}
