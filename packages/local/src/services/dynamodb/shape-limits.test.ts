import { describe, expect, it } from "vitest";
import { checkShape } from "./shape-limits.ts";

const nested = (levels: number): object => {
  let value: object = { S: "end" };
  for (let level = 0; level < levels; level += 1) value = { L: [value] };
  return value;
};
const condition = (text: string) => ({ TransactItems: [{ Put: { ConditionExpression: text } }] });
const parentheses = (levels: number) => `${"(".repeat(levels)}attribute_exists(pk)${")".repeat(levels)}`;

describe("a request's shape", () => {
  it("may be as deep as DynamoDB's items", () => {
    expect(() => checkShape({ Item: { list: nested(32) } })).not.toThrow();
    expect(() => checkShape(condition(parentheses(9)))).not.toThrow();
    expect(() => checkShape(condition("a".repeat(4_096)))).not.toThrow();
    expect(() => checkShape({ Item: { ConditionExpression: { S: parentheses(99) } } })).not.toThrow();
  });

  it.each([
    ["an item far too deep", { Item: { list: nested(20_000) } }, "Nesting Levels"],
    ["parentheses without end", condition(parentheses(2_000)), "Invalid ConditionExpression: .* nested"],
    ["an expression over 4 KB", condition("é".repeat(2_049)), "size has exceeded"],
  ])("is refused for %s", (_, request, message) => {
    expect(() => checkShape(request)).toThrow(new RegExp(message));
  });
});
