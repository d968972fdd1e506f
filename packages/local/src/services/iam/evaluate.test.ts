import { describe, expect, test } from "vitest";
import { decide, firstDenial } from "./evaluate.ts";
import type { Conditions, Statement } from "./statement.ts";
import { functionPrincipal, operatorPrincipal } from "./statement.ts";

const carts = "arn:aws:dynamodb:us-east-1:111122223333:table/antipode-prod-Carts";
const allow = (actions: string[], resources: string[], conditions?: Conditions): Statement => ({
  effect: "Allow",
  actions,
  resources,
  ...(conditions === undefined ? {} : { conditions }),
});
const deny = (actions: string[], resources: string[]): Statement => ({ effect: "Deny", actions, resources });
const decided = (
  statements: Statement[],
  action: string,
  resource: string,
  context?: Record<string, string[]>,
) => decide(statements, { action, resource, ...(context === undefined ? {} : { context }) }).type;

describe("actions and resources", () => {
  test.each([
    ["the exact action", ["dynamodb:PutItem"], [carts], "allowed"],
    ["another action", ["dynamodb:GetItem"], [carts], "implicit-deny"],
    ["an action in other case", ["dynamodb:putitem"], [carts], "allowed"],
    ["a wildcard in the action", ["dynamodb:Put*"], [carts], "allowed"],
    ["a wildcard for one letter", ["dynamodb:Pu?Item"], [carts], "allowed"],
    ["every action", ["*"], ["*"], "allowed"],
    ["another service's wildcard", ["s3:*"], [carts], "implicit-deny"],
    ["a wildcard in the table's name", ["dynamodb:*"], [`${carts.slice(0, -5)}*`], "allowed"],
    ["every region", ["dynamodb:*"], [carts.replace("us-east-1", "*")], "allowed"],
    ["another region", ["dynamodb:*"], [carts.replace("us-east-1", "eu-west-1")], "implicit-deny"],
    [
      "a wildcard that would have to span parts",
      ["dynamodb:*"],
      ["arn:aws:dynamodb:*:table/x"],
      "implicit-deny",
    ],
    ["an ARN that is too short", ["dynamodb:*"], ["arn:aws:dynamodb*"], "implicit-deny"],
    ["the index of the table only", ["dynamodb:*"], [`${carts}/index/*`], "implicit-deny"],
  ])("%s", (_name, actions, resources, expected) => {
    expect(decided([allow(actions, resources)], "dynamodb:PutItem", carts)).toBe(expected);
  });

  test("the resource part may match across colons, and counts to its end", () => {
    const stream = `${carts}/stream/2026-01-01T00:00:00.000`;
    const allowed = (resource: string) =>
      decided([allow(["dynamodb:*"], [resource])], "dynamodb:GetRecords", stream);
    expect(allowed(`${carts}/stream/*`)).toBe("allowed");
    expect(allowed(`${carts}/stream/*:00.000`)).toBe("allowed");
    expect(allowed(`${carts}/stream/*T00`)).toBe("implicit-deny");
  });

  test("an explicit deny wins, wherever it stands", () => {
    const statements = [allow(["*"], ["*"]), deny(["dynamodb:Delete*"], ["*"])];
    expect(decided(statements, "dynamodb:DeleteItem", carts)).toBe("explicit-deny");
    expect(decided(statements.reverse(), "dynamodb:DeleteItem", carts)).toBe("explicit-deny");
    expect(decided(statements, "dynamodb:PutItem", carts)).toBe("allowed");
  });
});

describe("conditions", () => {
  const keys = (...values: string[]) => ({ "dynamodb:LeadingKeys": values });
  const leading = (operator: string, ...values: string[]): Conditions => ({
    [operator]: { "dynamodb:LeadingKeys": values },
  });
  test.each([
    ["equal", leading("StringEquals", "A"), keys("A"), true],
    ["not equal", leading("StringEquals", "A"), keys("B"), false],
    ["one of several", leading("StringEquals", "A", "B"), keys("B"), true],
    ["absent key", leading("StringEquals", "A"), {}, false],
    ["absent key, if it exists", leading("StringEqualsIfExists", "A"), {}, true],
    ["absent key, negated", leading("StringNotEquals", "A"), {}, true],
    ["negated, present", leading("StringNotEquals", "A"), keys("A"), false],
    ["like", leading("StringLike", "REGION#*"), keys("REGION#us-east-1"), true],
    ["any case", leading("StringEqualsIgnoreCase", "a"), keys("A"), true],
    ["all fit", leading("ForAllValues:StringLike", "CART#*"), keys("CART#1", "CART#2"), true],
    ["one does not fit", leading("ForAllValues:StringLike", "CART#*"), keys("CART#1", "ORDER#2"), false],
    ["all of none", leading("ForAllValues:StringEquals", "A"), {}, true],
    ["any fits", leading("ForAnyValue:StringEquals", "A"), keys("B", "A"), true],
    ["any of none", leading("ForAnyValue:StringEquals", "A"), {}, false],
    ["several values without a quantifier", leading("StringEquals", "A"), keys("A", "B"), false],
    ["key in other case", leading("StringEquals", "A"), { "DynamoDB:leadingKeys": ["A"] }, true],
    ["null, absent", { Null: { "dynamodb:LeadingKeys": "true" } }, {}, true],
    ["null, present", { Null: { "dynamodb:LeadingKeys": "true" } }, keys("A"), false],
    ["not null, present", { Null: { "dynamodb:LeadingKeys": "false" } }, keys("A"), true],
    ["bool", { Bool: { "aws:SecureTransport": "TRUE" } }, { "aws:SecureTransport": ["true"] }, true],
    [
      "arn",
      { ArnLike: { "aws:SourceArn": "arn:aws:s3:::a-*" } },
      { "aws:SourceArn": ["arn:aws:s3:::a-b"] },
      true,
    ],
    [
      "two operators must both hold",
      { ...leading("StringEquals", "A"), Bool: { "aws:SecureTransport": "true" } },
      keys("A"),
      false,
    ],
  ] as [string, Conditions, Record<string, string[]>, boolean][])(
    "%s",
    (_name, conditions, context, holds) => {
      const answer = decided([allow(["dynamodb:*"], ["*"], conditions)], "dynamodb:GetItem", carts, context);
      expect(answer).toBe(holds ? "allowed" : "implicit-deny");
    },
  );

  test("an operator that is not known denies by name, even beside an allow", () => {
    const statements = [
      allow(["dynamodb:*"], ["*"]),
      allow(["dynamodb:*"], ["*"], { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }),
    ];
    expect(decide(statements, { action: "dynamodb:GetItem", resource: carts })).toMatchObject({
      type: "not-evaluated",
      error: { type: "unsupported-operator", operator: "IpAddress" },
    });
    expect(decided(statements, "s3:GetObject", "arn:aws:s3:::a/b")).toBe("implicit-deny");
  });

  test("a policy variable denies by name", () => {
    const statements = [allow(["dynamodb:*"], ["*"], leading("StringEquals", "$" + "{aws:username}"))];
    expect(decide(statements, { action: "dynamodb:GetItem", resource: carts })).toMatchObject({
      error: { type: "unsupported-variable" },
    });
  });
});

describe("denials", () => {
  const principal = functionPrincipal("arn:aws:iam::111122223333:role/antipode-Api", "antipode-prod-Api", [
    allow(["dynamodb:GetItem"], [carts]),
  ]);

  test("say what AWS says", () => {
    const denial = firstDenial(principal, [
      { action: "dynamodb:GetItem", resource: carts },
      { action: "dynamodb:PutItem", resource: carts },
    ]);
    expect(denial?.message).toBe(
      "User: arn:aws:sts::111122223333:assumed-role/antipode-Api/antipode-prod-Api is not authorized to perform: " +
        `dynamodb:PutItem on resource: ${carts} because no identity-based policy allows the dynamodb:PutItem action`,
    );
  });

  test("say when the deny was explicit", () => {
    const denied = { ...principal, statements: [deny(["dynamodb:*"], ["*"])] };
    expect(firstDenial(denied, [{ action: "dynamodb:GetItem", resource: carts }])?.message).toContain(
      "with an explicit deny in an identity-based policy",
    );
  });

  test("there are none when every need is allowed, and never any for the operator", () => {
    expect(firstDenial(principal, [{ action: "dynamodb:GetItem", resource: carts }])).toBeUndefined();
    expect(firstDenial(principal, [])).toBeUndefined();
    const needs = [{ action: "s3:DeleteObject", resource: "arn:aws:s3:::b/k" }];
    expect(firstDenial(operatorPrincipal("111122223333"), needs)).toBeUndefined();
  });
});
