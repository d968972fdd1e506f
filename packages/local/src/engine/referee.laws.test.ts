import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AwsError } from "../services/service.ts";
import { createDynamoDBLocalEngine } from "./dynamodb-local/dynamodb-local.ts";
import { whyNoJava } from "./dynamodb-local/java.ts";
import { createEmbeddedEngine } from "./embedded/embedded.ts";
import type { JsonObject, TableEngine, TableSchema } from "./engine.ts";
import type { AttributeValue, Item } from "./item-change.ts";

/** Random items, updates and conditions, run by both engines: the referee is Amazon's. */
const schema: TableSchema = {
  name: "random",
  hashKey: "pk",
  attributes: { pk: "S" },
  globalSecondaryIndexes: [],
};
const region = "us-east-1";
const key: Item = { pk: { S: "one" } };

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom<AttributeValue>({ S: "" }, { S: "a" }, { S: "ab" }, { S: "é" }),
  fc.constantFrom("0", "1", "-1", "2.5", "10000000000", "10").map((N): AttributeValue => ({ N })),
  fc.constantFrom<AttributeValue>(
    { BOOL: true },
    { BOOL: false },
    { NULL: true },
    { B: "AQI=" },
    { B: "AQ==" },
  ),
);
const set: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }).map((SS): AttributeValue => ({ SS })),
  fc.uniqueArray(fc.constantFrom("1", "2", "3.5"), { minLength: 1 }).map((NS): AttributeValue => ({ NS })),
);
const flat = fc.oneof(scalar, set);
const nested: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 3, arbitrary: flat },
  { weight: 1, arbitrary: fc.array(flat, { maxLength: 3 }).map((L): AttributeValue => ({ L })) },
  {
    weight: 1,
    arbitrary: fc
      .dictionary(fc.constantFrom("ax", "bx"), flat, { maxKeys: 2, noNullPrototype: true })
      .map((M): AttributeValue => ({ M })),
  },
);
const names = ["ax", "bx", "cx"] as const;
const item = fc
  .dictionary(fc.constantFrom(...names), nested, { maxKeys: 3, noNullPrototype: true })
  .map((attributes): Item => ({ ...attributes, ...key }));

const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<string>(...names) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...names), fc.constantFrom("ax", "bx"))
      .map((parts) => parts.join(".")),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...names), fc.nat(3)).map(([name, at]) => `${name}[${at}]`),
  },
);
const value = fc.constantFrom(":v", ":w");
const operand = fc.oneof(
  path,
  value,
  fc.tuple(path, value).map(([at, other]) => `if_not_exists(${at}, ${other})`),
  fc.tuple(path, value).map(([at, other]) => `list_append(${at}, ${other})`),
);
const clause = fc.oneof(
  fc.tuple(path, operand).map(([at, other]) => `SET ${at} = ${other}`),
  fc
    .tuple(path, path, fc.constantFrom("+", "-"), value)
    .map(([at, a, sign, b]) => `SET ${at} = ${a} ${sign} ${b}`),
  fc.uniqueArray(path, { minLength: 1, maxLength: 3 }).map((paths) => `REMOVE ${paths.join(", ")}`),
  fc.tuple(path, value).map(([at, other]) => `ADD ${at} ${other}`),
  fc.tuple(path, value).map(([at, other]) => `DELETE ${at} ${other}`),
);
const expression = fc.uniqueArray(clause, {
  minLength: 1,
  maxLength: 3,
  selector: (text) => text.split(" ")[0],
});

const term = fc.oneof(
  path,
  value,
  path.map((at) => `size(${at})`),
);
const comparison = fc.oneof(
  fc.tuple(term, fc.constantFrom("=", "<>", "<", "<=", ">", ">="), term).map((parts) => parts.join(" ")),
  fc.tuple(term, value, value).map(([at, low, high]) => `${at} BETWEEN ${low} AND ${high}`),
  fc.tuple(term, value, path).map(([at, a, b]) => `${at} IN (${a}, ${b})`),
  path.map((at) => `attribute_exists(${at})`),
  path.map((at) => `attribute_not_exists(${at})`),
  fc.tuple(path, term).map(([at, other]) => `contains(${at}, ${other})`),
  fc.tuple(path, term).map(([at, other]) => `begins_with(${at}, ${other})`),
);
const condition = fc.oneof(
  comparison,
  comparison.map((text) => `NOT ${text}`),
  fc.tuple(comparison, fc.constantFrom("AND", "OR"), comparison).map((parts) => parts.join(" ")),
);

function used(text: string, values: Item) {
  const named = Object.entries(values).filter(([name]) => text.includes(name));
  return named.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(named) };
}

/** Sets in one order: they have none. */
function ordered(value_: AttributeValue): unknown {
  if ("SS" in value_) return { SS: [...value_.SS].sort() };
  if ("NS" in value_) return { NS: [...value_.NS].sort() };
  if ("L" in value_) return { L: value_.L.map(ordered) };
  return "M" in value_ ? { M: orderedItem(value_.M) } : value_;
}

function orderedItem(whole: Item | undefined): unknown {
  if (whole === undefined) return undefined;
  return Object.fromEntries(Object.entries(whole).map(([name, member]) => [name, ordered(member)]));
}

/** What an engine makes of a request: the item before and after, or the error's code. */
async function outcome(engine: TableEngine, before: Item, request: JsonObject): Promise<unknown> {
  await engine.replace(region, schema.name, key, structuredClone(before));
  try {
    const { images } = await engine.write(region, "UpdateItem", structuredClone(request));
    return images.map((image) => [orderedItem(image.oldImage), orderedItem(image.newImage)]);
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}

const obstacle = whyNoJava();

if (obstacle !== undefined) {
  it(`could not compare with DynamoDB Local: ${obstacle}`, () => {
    process.stderr.write(`engines: could not compare with DynamoDB Local: ${obstacle}\n`);
    expect(obstacle).toContain("Java 17");
  });
} else {
  describe("the embedded engine decides as DynamoDB Local does", () => {
    const embedded = createEmbeddedEngine();
    let referee: TableEngine | undefined;
    beforeAll(async () => {
      referee = await createDynamoDBLocalEngine();
      await embedded.createTable(region, schema);
      await referee.createTable(region, schema);
    });
    afterAll(() => referee?.close());

    async function expectAgreement(before: Item, request: JsonObject): Promise<void> {
      if (referee === undefined) throw new Error("the referee is not up");
      const judged = await outcome(referee, before, request);
      expect(await outcome(embedded, before, request)).toEqual(judged);
    }

    const TableName = schema.name;
    /** More by hand: `REFEREE_RUNS=20000 FC_SEED=7 npx vitest run packages/local/src/engine/referee.laws.test.ts`. */
    const runs = { numRuns: Number(process.env["REFEREE_RUNS"] ?? 400) };

    it("on updates", { timeout: 600_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(item, expression, nested, nested, async (before, clauses, v, w) => {
          const UpdateExpression = clauses.join(" ");
          const request = {
            TableName,
            Key: key,
            UpdateExpression,
            ...used(UpdateExpression, { ":v": v, ":w": w }),
          };
          await expectAgreement(before, request);
        }),
        runs,
      );
    });

    it("on conditions", { timeout: 600_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(item, condition, nested, nested, async (before, ConditionExpression, v, w) => {
          const request = { TableName, Key: key, UpdateExpression: "REMOVE zz", ConditionExpression };
          await expectAgreement(before, { ...request, ...used(ConditionExpression, { ":v": v, ":w": w }) });
        }),
        runs,
      );
    });
  });
}
