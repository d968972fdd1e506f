import { QueryCommand, type QueryCommandInput, ScanCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "vitest";
import { type Attributes, num, put, query, refusal, text } from "./calls.ts";
import { type ConformanceContext, home } from "./world.ts";

const sortKeys = ["a", "ab", "abc", "b", "B", "é", "z", "a#1", "a#2", "~"];
/** Strings sort by their UTF-8 bytes. */
const inOrder = ["B", "a", "a#1", "a#2", "ab", "abc", "b", "z", "~", "é"];
const pk = text("queries");
const kilobyte = 1024;

export function describeQueries({ world }: ConformanceContext): void {
  const client = () => world().tables(home);
  const page = (input: Omit<QueryCommandInput, "TableName">) =>
    client().send(new QueryCommand({ TableName: "items", ...input }));
  const found = async (condition: string, values: Attributes = {}, more: Partial<QueryCommandInput> = {}) => {
    const { Items = [] } = await page({
      KeyConditionExpression: `pk = :pk${condition === "" ? "" : ` AND ${condition}`}`,
      ExpressionAttributeValues: { ":pk": pk, ...values },
      ...more,
    });
    return Items.map((item) => item["sk"]?.S);
  };
  const inGroup = (
    IndexName: string,
    more: Partial<QueryCommandInput> = {},
    condition = "",
    values: Attributes = {},
  ) =>
    page({
      IndexName,
      KeyConditionExpression: `#g = :g${condition}`,
      ExpressionAttributeNames: { "#g": "group", ...more.ExpressionAttributeNames },
      ExpressionAttributeValues: { ":g": text("group"), ...values },
      ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== "ExpressionAttributeNames")),
    });

  describe("queries", () => {
    beforeAll(async () => {
      for (const [index, sk] of sortKeys.entries()) {
        await put(client(), "items", {
          pk,
          sk: text(sk),
          group: text("group"),
          order: text(`o${index}`),
          number: num(index - 4.5),
          extra: text(`e${index}`),
          rest: text(`r${index}`),
        });
      }
    });

    it.each<[string, Attributes, string[]]>([
      ["", {}, inOrder],
      ["sk = :v", { ":v": text("ab") }, ["ab"]],
      ["sk < :v", { ":v": text("ab") }, ["B", "a", "a#1", "a#2"]],
      ["sk <= :v", { ":v": text("ab") }, ["B", "a", "a#1", "a#2", "ab"]],
      ["sk > :v", { ":v": text("ab") }, ["abc", "b", "z", "~", "é"]],
      ["sk >= :v", { ":v": text("ab") }, ["ab", "abc", "b", "z", "~", "é"]],
      ["sk BETWEEN :v AND :w", { ":v": text("a#1"), ":w": text("b") }, ["a#1", "a#2", "ab", "abc", "b"]],
      ["begins_with(sk, :v)", { ":v": text("a#") }, ["a#1", "a#2"]],
      ["sk < :v", { ":v": text("B".repeat(1_024)) }, ["B"]],
    ])("by key: %s", async (condition, values, expected) => {
      expect(await found(condition, values)).toEqual(expected);
      expect(await found(condition, values, { ScanIndexForward: false })).toEqual([...expected].reverse());
    });

    it.each<[string, Attributes]>([
      ["sk <> :v", { ":v": text("a") }],
      ["sk IN (:v)", { ":v": text("a") }],
      ["contains(sk, :v)", { ":v": text("a") }],
      ["rest = :v", { ":v": text("a") }],
      ["sk = :v AND sk = :w", { ":v": text("a"), ":w": text("b") }],
      ["sk BETWEEN :w AND :v", { ":v": text("a"), ":w": text("b") }],
      ["sk = :v", { ":v": num(1) }],
      ["sk = :v", { ":v": text("") }],
      ["sk < :v", { ":v": text("x".repeat(1_025)) }],
      ["sk BETWEEN :v AND :w", { ":v": text("a"), ":w": text("é".repeat(513)) }],
    ])("refuse %s", async (condition, values) => {
      await refusal(found(condition, values), "ValidationException");
    });

    it("need the whole partition key", async () => {
      const values = { ":v": text("a") };
      for (const KeyConditionExpression of ["sk = :v", "pk > :v", "pk = :v OR sk = :v"]) {
        await refusal(
          page({ KeyConditionExpression, ExpressionAttributeValues: values }),
          "ValidationException",
        );
      }
    });

    it("filter after the limit, and never by key", async () => {
      const filtered = await page({
        KeyConditionExpression: "pk = :pk",
        FilterExpression: "extra = :e",
        ExpressionAttributeValues: { ":pk": pk, ":e": text("e1") },
        Limit: 6,
      });
      expect(filtered).toMatchObject({
        Count: 1,
        ScannedCount: 6,
        LastEvaluatedKey: { pk, sk: text("abc") },
      });
      await refusal(found("", { ":e": text("a") }, { FilterExpression: "sk = :e" }), "ValidationException");
    });

    it("count without items, and take parts", async () => {
      const counted = await page({
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk },
        Select: "COUNT",
      });
      expect(counted).toMatchObject({ Count: 10, ScannedCount: 10 });
      expect(counted.Items).toBeUndefined();
      const part = await query(client(), {
        KeyConditionExpression: "pk = :pk AND sk = :sk",
        ExpressionAttributeValues: { ":pk": pk, ":sk": text("a") },
        ProjectionExpression: "extra",
      });
      expect(part).toEqual([{ extra: text("e0") }]);
    });

    it.each([true, false])("page by limit, forward %s", async (ScanIndexForward) => {
      const seen: (string | undefined)[] = [];
      let start: Attributes | undefined;
      do {
        const answer: { Items?: Attributes[] | undefined; LastEvaluatedKey?: Attributes | undefined } =
          await page({
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": pk },
            Limit: 4,
            ScanIndexForward,
            ExclusiveStartKey: start,
          });
        seen.push(...(answer.Items ?? []).map((item) => item["sk"]?.S));
        start = answer.LastEvaluatedKey;
      } while (start !== undefined);
      expect(seen).toEqual(ScanIndexForward ? inOrder : [...inOrder].reverse());
    });

    it("page from a key that is gone, and refuse one of elsewhere", async () => {
      expect(await found("", {}, { ExclusiveStartKey: { pk, sk: text("abb") } })).toEqual([
        "abc",
        "b",
        "z",
        "~",
        "é",
      ]);
      await refusal(
        found("", {}, { ExclusiveStartKey: { pk: text("else"), sk: text("a") } }),
        "ValidationException",
      );
      await refusal(found("", {}, { ExclusiveStartKey: { pk } }), "ValidationException");
      await refusal(
        found("sk > :v", { ":v": text("b") }, { ExclusiveStartKey: { pk, sk: text("a") } }),
        "ValidationException",
      );
      await refusal(found("", {}, { Limit: 0 }), "ValidationException");
    });

    it("stop at a megabyte", async () => {
      const big = text("megabyte");
      const body = text("x".repeat(100 * kilobyte));
      for (let index = 10; index < 25; index += 1)
        await put(client(), "items", { pk: big, sk: text(`${index}`), body });
      const input = { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": big } };
      const first = await page(input);
      expect(first.Count).toBeGreaterThanOrEqual(10);
      expect(first.Count).toBeLessThanOrEqual(11);
      const second = await page({ ...input, ExclusiveStartKey: first.LastEvaluatedKey });
      expect((first.Count ?? 0) + (second.Count ?? 0)).toBe(15);
      expect(second.LastEvaluatedKey).toBeUndefined();
    });

    it("order numbers as numbers", async () => {
      const given = [
        "0",
        "1",
        "-1",
        "10",
        "-10",
        "1.5",
        "-1.5",
        "100",
        "-100",
        "99",
        "1e20",
        "-1e20",
        "1e-20",
        "-1e-20",
      ];
      for (const number of given) await put(client(), "numbered", { pk: text("a"), sk: num(number) });
      const numbers = async (condition: string, values: Attributes = {}) => {
        const items = await query(client(), {
          TableName: "numbered",
          KeyConditionExpression: `pk = :pk${condition}`,
          ExpressionAttributeValues: { ":pk": text("a"), ...values },
        });
        return items.map((item) => Number(item["sk"]?.N));
      };
      const order = given.map(Number).sort((a, b) => a - b);
      expect(await numbers("")).toEqual(order);
      expect(await numbers(" AND sk >= :v", { ":v": num("-1.50") })).toEqual(
        order.filter((number) => number >= -1.5),
      );
    });
  });

  describe("indexes", () => {
    it("give what they project", async () => {
      const first = async (index: string) => {
        const { Items = [] } = await inGroup(index);
        expect(Items).toHaveLength(10);
        return Items.find((item) => item["sk"]?.S === "a");
      };
      const keys = { pk, sk: text("a"), group: text("group") };
      expect(await first("keys")).toEqual(keys);
      expect(await first("some")).toEqual({ ...keys, number: num("-4.5"), extra: text("e0") });
      expect(await first("whole")).toEqual({
        ...keys,
        order: text("o0"),
        number: num("-4.5"),
        extra: text("e0"),
        rest: text("r0"),
      });
    });

    it("have their own order and conditions", async () => {
      const { Items = [] } = await inGroup(
        "some",
        { ExpressionAttributeNames: { "#n": "number" } },
        " AND #n BETWEEN :v AND :w",
        { ":v": num(-2), ":w": num("1.5") },
      );
      expect(Items.map((item) => item["number"]?.N)).toEqual(["-1.5", "-0.5", "0.5", "1.5"]);
    });

    it("hold only items that have their keys, and follow changes", async () => {
      const key = { pk: text("sparse"), sk: text("s") };
      const members = async (group: string) =>
        (
          await query(client(), {
            IndexName: "keys",
            KeyConditionExpression: "#g = :g",
            ExpressionAttributeNames: { "#g": "group" },
            ExpressionAttributeValues: { ":g": text(group) },
          })
        ).length;
      await put(client(), "items", key);
      await put(client(), "items", { ...key, group: text("one") });
      expect([await members("one"), await members("two")]).toEqual([1, 0]);
      await put(client(), "items", { ...key, group: text("two") });
      expect([await members("one"), await members("two")]).toEqual([0, 1]);
      await put(client(), "items", key);
      expect([await members("one"), await members("two")]).toEqual([0, 0]);
    });

    it("page with a key of table and index", async () => {
      const seen: (string | undefined)[] = [];
      let start: Attributes | undefined;
      do {
        const answer = await inGroup("keys", { Limit: 3, ExclusiveStartKey: start });
        seen.push(...(answer.Items ?? []).map((item) => item["sk"]?.S));
        start = answer.LastEvaluatedKey;
        if (start !== undefined) expect(Object.keys(start).sort()).toEqual(["group", "pk", "sk"]);
      } while (start !== undefined);
      expect([...seen].sort()).toEqual([...sortKeys].sort());
      await refusal(inGroup("keys", { ExclusiveStartKey: { pk, sk: text("a") } }), "ValidationException");
    });

    it("refuse consistent reads, attributes they lack, and names they do not have", async () => {
      await refusal(inGroup("whole", { ConsistentRead: true }), "ValidationException");
      await refusal(inGroup("keys", { Select: "ALL_ATTRIBUTES" }), "ValidationException");
      await refusal(inGroup("missing"), "ValidationException");
      await refusal(
        client().send(new ScanCommand({ TableName: "items", IndexName: "keys", ConsistentRead: true })),
        "ValidationException",
      );
    });
  });

  describe("scans", () => {
    it("see everything once, by pages and by segments", async () => {
      for (let index = 0; index < 30; index += 1)
        await put(client(), "streamed", { pk: text(`scan-${index}`), sk: text("s") });
      const scanned = async (more: { Segment?: number; TotalSegments?: number }) => {
        const names: (string | undefined)[] = [];
        let start: Attributes | undefined;
        do {
          const answer: { Items?: Attributes[] | undefined; LastEvaluatedKey?: Attributes | undefined } =
            await client().send(
              new ScanCommand({
                TableName: "streamed",
                FilterExpression: "begins_with(pk, :p)",
                ExpressionAttributeValues: { ":p": text("scan-") },
                Limit: 7,
                ExclusiveStartKey: start,
                ...more,
              }),
            );
          names.push(...(answer.Items ?? []).map((item) => item["pk"]?.S));
          start = answer.LastEvaluatedKey;
        } while (start !== undefined);
        return names;
      };
      const expected = Array.from({ length: 30 }, (_, index) => `scan-${index}`).sort();
      expect((await scanned({})).sort()).toEqual(expected);
      const segments = await Promise.all([0, 1, 2].map((Segment) => scanned({ Segment, TotalSegments: 3 })));
      expect(segments.flat().sort()).toEqual(expected);
      await refusal(scanned({ Segment: 3, TotalSegments: 3 }), "ValidationException");
    });
  });
}
