import { describe, expect, it } from "vitest";
import type { AlarmStateValue } from "./alarm.ts";
import { childrenOf, holds, nameOfAlarm, parseRule } from "./composite-rule.ts";

const states: Readonly<Record<string, AlarmStateValue>> = {
  bad: "ALARM",
  good: "OK",
  silent: "INSUFFICIENT_DATA",
  "with (brackets)": "ALARM",
  "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:bad": "ALARM",
};

function judge(text: string): boolean | string {
  const rule = parseRule(text);
  return rule.ok ? holds(rule.value, (alarm) => states[alarm] ?? "INSUFFICIENT_DATA") : rule.error;
}

describe("a composite alarm's rule", () => {
  it.each([
    ['ALARM("bad")', true],
    ["ALARM(bad)", true],
    ["OK( good )", true],
    ["INSUFFICIENT_DATA(silent)", true],
    ["ALARM(good)", false],
    ['ALARM("with (brackets)")', true],
    ["ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:bad)", true],
    ["TRUE", true],
    ["NOT TRUE", false],
    ["NOT NOT TRUE", true],
    ["TRUE OR TRUE AND FALSE", true],
    ["(TRUE OR TRUE) AND FALSE", false],
    ["NOT FALSE AND FALSE", false],
    ["ALARM(bad) AND (OK(good) OR NOT INSUFFICIENT_DATA(silent))", true],
    ["ALARM(good) OR\n  ALARM(bad)", true],
    ["ALARM(bad)AND OK(good)", true],
  ])("%s is %s", (text, expected) => {
    expect(judge(text)).toBe(expected);
  });

  it.each([
    ["", "it ends too early"],
    ["ALARM(bad) AND", "it ends too early"],
    ["ALARM(bad) XOR OK(good)", '"XOR OK(good)" is not understood'],
    ["alarm(bad)", '"alarm(bad)" is not understood'],
    ["(ALARM(bad)", "a closing parenthesis is missing"],
    ["ALARM()", '"ALARM()" is not understood'],
    [`ALARM("${"x".repeat(10_240)}")`, "it has more than 10240 characters"],
    [Array(251).fill("TRUE").join(" OR "), "it has more than 500 elements"],
    [
      Array.from({ length: 101 }, (_, at) => `ALARM(a${at})`).join(" OR "),
      "it refers to more than 100 alarms",
    ],
  ])("%# is refused", (text, why) => {
    expect(judge(text)).toBe(why);
  });

  it("names its children once", () => {
    const rule = parseRule("ALARM(a) AND NOT OK(a) OR ALARM(b) AND FALSE");
    expect(rule.ok && childrenOf(rule.value)).toEqual(["a", "b"]);
    expect(nameOfAlarm("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:Bad: one")).toBe("Bad: one");
    expect(nameOfAlarm("Bad")).toBe("Bad");
  });
});
