import { describe, expect, it } from "vitest";
import { parseInvokeArguments } from "./invoke-arguments.ts";

const regions = ["us-east-1", "eu-west-1"];

describe("the arguments of invoke", () => {
  it("are a function, a region, and JSON if any", () => {
    const given = ["Reclaim", "eu-west-1", '{"origin":"us-east-1#1"}'];
    const invoked = { function: "Reclaim", region: "eu-west-1" };
    expect(parseInvokeArguments(given, regions)).toEqual({ ...invoked, payload: { origin: "us-east-1#1" } });
    expect(parseInvokeArguments(given.slice(0, 2), regions)).toEqual({ ...invoked, payload: {} });
  });

  it.each([
    [[], /^usage: invoke <function> A/],
    [["Reclaim"], /^usage: invoke/],
    [["Reclaim", "mars"], /^unknown region "mars": choose from us-east-1, eu-west-1$/],
    [["Reclaim", "eu-west-1", "{origin:us-east-1#1}"], /^what the function gets is not JSON .*usage: invoke/],
    [["Reclaim", "eu-west-1", ""], /^what the function gets is not JSON/],
    [["Reclaim", "eu-west-1", '{"origin":', '"us-east-1#1"}'], /the JSON in single quotes$/],
  ])("%j are refused in one line", (words, line) => {
    expect(parseInvokeArguments(words, regions)).toEqual({ error: expect.stringMatching(line) });
  });
});
