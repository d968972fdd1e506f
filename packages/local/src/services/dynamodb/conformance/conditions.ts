import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "vitest";
import { type Attributes, get, newKey, num, put, query, refusal, text, update } from "./calls.ts";
import { type ConformanceContext, home } from "./world.ts";

const item: Attributes = {
  five: num(5),
  hello: text("hello"),
  accents: text("héé"),
  bytes: { B: new Uint8Array([1, 2, 3]) },
  strings: { SS: ["a", "b"] },
  numbers: { NS: ["1", "2"] },
  items: { L: [text("a"), num(1), { M: { q: text("z") } }] },
  map: { M: { a: num(1) } },
  yes: { BOOL: true },
  nothing: { NULL: true },
};

const values: Attributes = {
  ":one": num(1),
  ":five": num("5.0"),
  ":nine": num(9),
  ":three": num(3),
  ":h": text("h"),
  ":hello": text("hello"),
  ":a": text("a"),
  ":ba": { SS: ["b", "a"] },
  ":items": { L: [text("a"), num("1.0"), { M: { q: text("z") } }] },
  ":map": { M: { a: num(1) } },
  ":q": { M: { q: text("z") } },
  ":true": { BOOL: true },
  ":null": { NULL: true },
  ":start": { B: new Uint8Array([1, 2]) },
  ":middle": { B: new Uint8Array([2, 3]) },
  ":N": text("N"),
  ":M": text("M"),
  ":odd": text("X"),
};

const holds = [
  "five = :five",
  "five <> :nine",
  "five < :nine AND five <= :five AND five > :one AND five >= :five",
  "five BETWEEN :one AND :nine",
  "five IN (:one, :five)",
  "hello = :hello",
  "hello > :h",
  "begins_with(hello, :h)",
  "begins_with(bytes, :start)",
  "contains(hello, :h)",
  "contains(strings, :a)",
  "contains(numbers, :one)",
  "contains(#items, :one) AND contains(#items, :q)",
  "contains(bytes, :middle)",
  "strings = :ba",
  "#items = :items",
  "#map = :map",
  "yes = :true",
  "nothing = :null",
  "attribute_exists(five) AND attribute_not_exists(nope)",
  "attribute_exists(#map.a) AND attribute_not_exists(#map.b)",
  "attribute_exists(#items[0]) AND attribute_not_exists(#items[9])",
  "attribute_type(five, :N) AND attribute_type(#map, :M)",
  "size(hello) = :five AND size(accents) = :three AND size(#items) = :three AND size(bytes) = :three",
  "size(strings) > :one AND size(#map) = :one",
  "nope <> :five",
  "five <> hello",
  "NOT five = :nine",
  "NOT (five = :nine OR hello = :h)",
  "five = :nine AND hello = :h OR yes = :true",
  "#items[1] = :one AND #map.a < :nine",
];

const fails = [
  "five = :nine",
  "five = hello",
  "five < hello",
  "nope = :five",
  "nope < :five",
  "nope = absent",
  "NOT attribute_exists(five)",
  "five BETWEEN :h AND :hello",
  "five IN (:one, :nine)",
  "begins_with(five, :h)",
  "begins_with(nope, :h)",
  "contains(five, :one)",
  "contains(nope, :h)",
  "size(five) = :one",
  "size(nope) = :one",
  "attribute_type(nope, :N)",
];

const broken = [
  "five = :nope",
  "five == :five",
  "five = :five AND",
  "five BETWEEN :nine AND :one",
  "five = five",
  "((five = :five))",
  "sqrt(five) = :five",
  "size(hello)",
  "size(:five) = :five",
  "attribute_exists(:five)",
  "attribute_type(five, :odd)",
  "begins_with(hello, :five)",
  "yes < :true",
  "#map < :map",
  "name = :five",
];

/** The values and names that an expression uses: more are refused. */
function used(expression: string) {
  const named = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  const names = ["items", "map"].filter((name) => expression.includes(`#${name}`));
  return {
    ...(named.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(named) }),
    ...(names.length === 0
      ? {}
      : { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])) }),
  };
}

export function describeConditions({ world }: ConformanceContext): void {
  const client = () => world().tables(home);
  const key = newKey();

  describe("conditions and filters", () => {
    beforeAll(() => put(client(), "items", { ...key, ...item }));

    const conditional = (ConditionExpression: string) =>
      update(client(), key, "REMOVE nope", undefined, {
        ConditionExpression,
        ...used(ConditionExpression),
      });
    const filtered = (FilterExpression: string) => {
      const { ExpressionAttributeValues, ...names } = used(FilterExpression);
      return query(client(), {
        KeyConditionExpression: "pk = :pk",
        FilterExpression,
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ":pk": key.pk },
        ...names,
      });
    };

    it.each(holds)("%s holds", async (expression) => {
      expect(await conditional(expression)).toMatchObject(key);
      expect(await filtered(expression)).toHaveLength(1);
    });

    it.each(fails)("%s does not hold", async (expression) => {
      await refusal(conditional(expression), "ConditionalCheckFailedException");
      expect(await filtered(expression)).toEqual([]);
    });

    it.each(broken)("%s is refused", async (expression) => {
      await refusal(conditional(expression), "ValidationException");
      await refusal(filtered(expression), "ValidationException");
    });

    it("meet an absent item as an empty one", async () => {
      const absent = newKey();
      await client().send(
        new PutItemCommand({
          TableName: "items",
          Item: absent,
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );
      await refusal(
        client().send(
          new DeleteItemCommand({
            TableName: "items",
            Key: newKey(),
            ConditionExpression: "attribute_exists(pk)",
          }),
        ),
        "ConditionalCheckFailedException",
      );
    });

    it("that fail change nothing, and return the item when asked", async () => {
      const present = { ...newKey(), v: num(1) };
      const { v: _, ...presentKey } = present;
      await put(client(), "items", present);
      const attempt = (
        onFailure: "ALL_OLD" | "NONE" | undefined,
        Item: Attributes = { ...present, v: num(2) },
      ) =>
        client().send(
          new PutItemCommand({
            TableName: "items",
            Item,
            ConditionExpression: "v = :nine",
            ExpressionAttributeValues: { ":nine": num(9) },
            ReturnValuesOnConditionCheckFailure: onFailure,
          }),
        );
      const error = await refusal(attempt("ALL_OLD"), "ConditionalCheckFailedException");
      expect(error["Item"]).toEqual(present);
      expect((await refusal(attempt("NONE"), "ConditionalCheckFailedException"))["Item"]).toBeUndefined();
      expect((await refusal(attempt(undefined), "ConditionalCheckFailedException"))["Item"]).toBeUndefined();
      expect(
        (await refusal(attempt("ALL_OLD", newKey()), "ConditionalCheckFailedException"))["Item"],
      ).toBeUndefined();
      expect(await get(client(), "items", presentKey)).toEqual(present);
    });
  });
}
