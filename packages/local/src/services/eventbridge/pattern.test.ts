import { describe, expect, it } from "vitest";
import { compilePattern, ruleDialect } from "./pattern.ts";

const event = {
  source: "aws.cloudwatch",
  region: "eu-west-1",
  "detail-type": "CloudWatch Alarm State Change",
  resources: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a"],
  detail: {
    alarmName: "antipode-prod-eu-west-1-ApiErrors",
    state: { value: "ALARM", count: 3 },
    path: "/usr/lib/x.PNG",
    empty: "",
    none: [] as string[],
    nested: [
      { id: 1, kind: "a" },
      { id: 2, kind: "b" },
    ],
  },
};

function fits(pattern: object): boolean | string {
  const compiled = compilePattern(JSON.stringify(pattern), ruleDialect);
  return compiled.ok ? compiled.value(event) : compiled.error;
}

describe("an event fits", () => {
  it.each<[object, boolean]>([
    [{ source: ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"] }, true],
    [{ source: ["aws.cloudwatch"], region: ["us-east-1"] }, false],
    [{ detail: { alarmName: [{ prefix: "antipode-prod-" }], state: { value: ["ALARM", "OK"] } } }, true],
    [{ detail: { alarmName: [{ prefix: "antipode-test-" }] } }, false],
    [{ detail: { path: [{ suffix: ".png" }] } }, false],
    [{ detail: { path: [{ suffix: { "equals-ignore-case": ".png" } }] } }, true],
    [{ detail: { path: [{ prefix: { "equals-ignore-case": "/USR" } }] } }, true],
    [{ source: [{ "equals-ignore-case": "AWS.CloudWatch" }] }, true],
    [{ detail: { path: [{ wildcard: "/usr/*/*.PNG" }] } }, true],
    [{ detail: { path: [{ wildcard: "/usr/*.png" }] } }, false],
    [{ detail: { path: [{ wildcard: "usr*" }] } }, false],
    [{ detail: { path: [{ "anything-but": { wildcard: "*/lib/*" } }] } }, false],
    [{ detail: { path: [{ "anything-but": { prefix: ["/var", "/etc"] } }] } }, true],
    [{ detail: { path: [{ "anything-but": { suffix: [".gif", ".PNG"] } }] } }, false],
    [{ detail: { state: { value: [{ "anything-but": { "equals-ignore-case": ["alarm"] } }] } } }, false],
    [{ detail: { state: { value: [{ "anything-but": ["OK", "INSUFFICIENT_DATA"] }] } } }, true],
    [{ detail: { state: { count: [{ numeric: [">", 0, "<=", 3] }] } } }, true],
    [{ detail: { state: { count: [{ numeric: ["=", 4] }] } } }, false],
    [{ detail: { empty: [""] } }, true],
    [{ detail: { none: [{ exists: true }] } }, false],
    [{ detail: { state: [{ exists: true }] } }, false],
    [{ detail: { nested: [{ exists: false }] } }, true],
    [{ detail: { nested: { id: [2], kind: ["b"] } } }, true],
    [{ detail: { nested: { id: [2], kind: ["a"] } } }, false],
    [{ resources: [{ suffix: ":alarm:a" }] }, true],
    [{ $or: [{ region: ["us-east-1"] }, { detail: { state: { value: ["ALARM"] } } }] }, true],
  ])("%j: %s", (pattern, expected) => {
    expect(fits(pattern)).toBe(expected);
  });
});

describe("a pattern is refused", () => {
  it.each<[object, RegExp]>([
    [{ source: [{ cidr: "10.0.0.0/24" }] }, /unrecognized match type "cidr"/],
    [{ source: [{ wildcard: "a**b" }] }, /two stars side by side/],
    [{ source: [{ wildcard: "a\\b" }] }, /backslash before neither/],
    [{ source: [{ wildcard: 1 }] }, /"wildcard" takes a text/],
    [{ source: [{ "equals-ignore-case": { prefix: "a" } }] }, /holds what it cannot/],
    [{ source: [{ prefix: { suffix: "a" } }] }, /holds what it cannot/],
    [{ source: [{ "anything-but": { prefix: [] } }] }, /takes a text/],
    [{ source: "aws.cloudwatch" }, /must be an object or an array/],
    [{ source: [] }, /allows nothing/],
    [{}, /an object is empty/],
  ])("%j", (pattern, message) => {
    expect(fits(pattern)).toMatch(message);
  });
});
