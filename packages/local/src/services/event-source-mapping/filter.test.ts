import { describe, expect, test } from "vitest";
import { compileFilters, FilterPatternError } from "./filter.ts";

const record = {
  eventName: "INSERT",
  count: 7,
  ratio: 0.5,
  flag: true,
  nothing: null,
  tags: ["red", "blue"],
  lines: [
    { sku: "a", n: 1 },
    { sku: "b", n: 2 },
  ],
  dynamodb: { Keys: { pk: { S: "PRODUCT#1" }, sk: { S: "EDIT#us-east-1#1" } }, NewImage: { v: { N: "3" } } },
};
const fits = (...patterns: object[]) => compileFilters(patterns.map((one) => JSON.stringify(one)))(record);

describe("a record passes", () => {
  test.each([
    [{ eventName: ["INSERT", "MODIFY"] }, true],
    [{ eventName: ["REMOVE"] }, false],
    [{ eventName: ["insert"] }, false],
    [{ eventName: [{ "equals-ignore-case": "insert" }] }, true],
    [{ eventName: ["INSERT"], dynamodb: { Keys: { sk: { S: [{ prefix: "EDIT#" }] } } } }, true],
    [{ eventName: ["MODIFY"], dynamodb: { Keys: { sk: { S: [{ prefix: "EDIT#" }] } } } }, false],
    [{ dynamodb: { Keys: { sk: { S: [{ prefix: "R#" }, { prefix: "EDIT#" }] } } } }, true],
    [{ dynamodb: { Keys: { sk: { S: [{ suffix: "#1" }] } } } }, true],
    [{ dynamodb: { Keys: { sk: { S: [{ suffix: "#2" }] } } } }, false],
    [{ eventName: [{ "anything-but": "REMOVE" }] }, true],
    [{ eventName: [{ "anything-but": ["REMOVE", "INSERT"] }] }, false],
    [{ eventName: [{ "anything-but": { prefix: "INS" } }] }, false],
    [{ missing: [{ "anything-but": "x" }] }, false],
    [{ count: [7] }, true],
    [{ count: ["7"] }, false],
    [{ count: [{ numeric: [">", 5] }] }, true],
    [{ count: [{ numeric: [">", 5, "<=", 6] }] }, false],
    [{ count: [{ numeric: [">=", 7, "<", 8] }] }, true],
    [{ ratio: [{ numeric: ["=", 0.5] }] }, true],
    [{ dynamodb: { NewImage: { v: { N: [{ numeric: [">", 0] }] } } } }, false],
    [{ flag: [true] }, true],
    [{ nothing: [null] }, true],
    [{ missing: [null] }, false],
    [{ count: [{ exists: true }] }, true],
    [{ missing: [{ exists: false }] }, true],
    [{ count: [{ exists: false }] }, false],
    [{ nothing: [{ exists: true }] }, true],
    [{ dynamodb: { OldImage: { v: { N: [{ exists: false }] } } } }, true],
    [{ tags: ["blue"] }, true],
    [{ tags: ["green"] }, false],
    [{ tags: [{ prefix: "re" }] }, true],
    [{ lines: { sku: ["b"], n: [2] } }, true],
    [{ lines: { sku: ["b"], n: [1] } }, false],
    [{ $or: [{ eventName: ["REMOVE"] }, { count: [7] }] }, true],
    [{ $or: [{ eventName: ["REMOVE"] }, { count: [8] }] }, false],
    [{ eventName: ["INSERT"], $or: [{ flag: [false] }, { ratio: [{ numeric: ["<", 1] }] }] }, true],
    [{ count: [] as number[], eventName: ["INSERT"] }, "refused"],
  ])("%j: %s", (pattern, expected) => {
    if (expected === "refused") expect(() => fits(pattern)).toThrow(FilterPatternError);
    else expect(fits(pattern)).toBe(expected);
  });

  test("when any of several patterns fits, and always without patterns", () => {
    expect(fits({ eventName: ["REMOVE"] }, { count: [7] })).toBe(true);
    expect(fits({ eventName: ["REMOVE"] }, { count: [8] })).toBe(false);
    expect(fits()).toBe(true);
  });
});

describe("a pattern is refused", () => {
  test.each([
    ["{", "it is not JSON"],
    ["[]", "it is not an object"],
    ["{}", "an object is empty"],
    ['{"a":"b"}', '"a" must be an object or an array'],
    ['{"a":[[1]]}', "an array in its array"],
    ['{"a":[{"contains":"x"}]}', 'unrecognized match type "contains"'],
    ['{"a":[{"prefix":"x","suffix":"y"}]}', "an operator stands alone"],
    ['{"a":[{"prefix":1}]}', '"prefix" takes a text'],
    ['{"a":[{"exists":"yes"}]}', '"exists" is true or false'],
    ['{"a":[{"numeric":[">"]}]}', "one or two comparisons"],
    ['{"a":[{"numeric":["~",1]}]}', "pairs such as"],
    ['{"a":[{"anything-but":[]}]}', "texts or numbers"],
    ['{"a":[{"anything-but":{"numeric":1}}]}', "values, a prefix or a suffix"],
    ['{"$or":[{"a":[1]}]}', "two patterns or more"],
  ])("%s", (pattern, detail) => {
    expect(() => compileFilters([pattern])).toThrow(detail);
  });
});
