import { describe, expect, it } from "vitest";
import { policyDocument, statementsOf } from "./policy.ts";

const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const allowed = { effect: "Allow", actions: ["s3:GetObject"], resources: ["*"] };

describe("statementsOf", () => {
  it("takes JSON text, an object, one statement or several, and a role's named policies", () => {
    const document = { Version: "2012-10-17", Statement: allow };
    expect(statementsOf(document)).toEqual([allowed]);
    expect(statementsOf(JSON.stringify({ ...document, Statement: [allow, allow] }))).toEqual([
      allowed,
      allowed,
    ]);
    expect(statementsOf([{ name: "inline", policy: JSON.stringify(document) }])).toEqual([allowed]);
    expect(statementsOf("")).toEqual([]);
    expect(statementsOf([])).toEqual([]);
  });

  it("keeps what narrows a statement", () => {
    const statement = {
      Sid: "One",
      Effect: "Deny",
      Principal: { AWS: "arn:aws:iam::111122223333:root", Service: ["a", "b"] },
      NotAction: "s3:*",
      NotResource: ["x"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    expect(statementsOf({ Statement: [statement] })).toEqual([
      {
        sid: "One",
        effect: "Deny",
        principals: { AWS: ["arn:aws:iam::111122223333:root"], Service: ["a", "b"] },
        actions: [],
        notActions: ["s3:*"],
        resources: [],
        notResources: ["x"],
        conditions: { Bool: { "aws:SecureTransport": ["false"] } },
      },
    ]);
  });

  it("shows a public principal as one", () => {
    const anyone = statementsOf({ Statement: { ...allow, Principal: "*" } });
    expect(anyone[0]?.principals).toEqual({ "*": ["*"] });
  });

  it("throws on text that is no JSON", () => {
    expect(() => statementsOf("{")).toThrow();
  });
});

describe("policyDocument", () => {
  it("answers as the provider does", () => {
    const { json } = policyDocument({
      statements: [
        {
          effect: "Deny",
          principals: [
            { type: "AWS", identifiers: ["a"] },
            { type: "AWS", identifiers: ["b"] },
          ],
          actions: ["s3:*"],
          resources: ["x", "y"],
          conditions: [
            { test: "StringLike", variable: "k1", values: ["v"] },
            { test: "StringLike", variable: "k2", values: ["v", "w"] },
          ],
        },
      ],
    });
    expect(JSON.parse(String(json))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: ["a", "b"] },
          Action: "s3:*",
          Resource: ["x", "y"],
          Condition: { StringLike: { k1: "v", k2: ["v", "w"] } },
        },
      ],
    });
  });

  it("has no list of statements when there are none: SST then adds no policy", () => {
    expect(policyDocument({ statements: [] })["statements"]).toBeUndefined();
    expect(policyDocument({})["statements"]).toBeUndefined();
  });
});
