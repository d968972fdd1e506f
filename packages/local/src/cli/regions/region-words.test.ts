import { commandReasonCharsMax } from "@antipode/core";
import { describe, expect, it } from "vitest";
import { readSteering } from "./region-words.ts";
import { names } from "./testing/shop-double.ts";

const read = (action: "drain" | "restore", ...words: string[]) => readSteering(action, words, names);

describe("a word on a region", () => {
  it("is a region and a reason, and what else was asked", () => {
    expect(read("drain", "eu-west-1", "--reason", " a new disk ")).toEqual({
      ok: true,
      value: { action: "drain", region: "eu-west-1", reason: "a new disk", force: false, json: false },
    });
    expect(
      read("drain", "eu-west-1", "--json", "--via=us-east-1", "--force", "--reason=a flood"),
    ).toMatchObject({ value: { force: true, json: true, via: "us-east-1", reason: "a flood" } });
  });

  it.each<[string[], RegExp]>([
    [[], /^which region\? usage: drain A --reason/],
    [["--reason", "x"], /^which region\?/],
    [["mars-1", "--reason", "x"], /mars-1.*us-east-1/],
    [["eu-west-1"], /^--reason takes one line of at most 400 characters, .*: none is given$/],
    [["eu-west-1", "--reason"], /^--reason takes .* none is given/],
    [["eu-west-1", "--reason", ""], /^--reason takes .*: it has no visible character$/],
    [["eu-west-1", "--reason="], /^--reason takes .*: it has no visible character$/],
    [["eu-west-1", "--reason", "--force"], /^--reason takes .* none is given/],
    [["eu-west-1", "--reason", "  "], /^--reason takes .*: it has no visible character$/],
    [["eu-west-1", "--reason", "\u200b"], /^--reason takes .*: it has no visible character$/],
    [["eu-west-1", "--reason", "x\nOpen: all"], /^--reason takes .*: it has a line break/],
    [["eu-west-1", "--reason=\u001b[31mred"], /^--reason takes .*: it has a .*control character$/],
    [["eu-west-1", "--reason", "\ud83d"], /^--reason takes .*: it is not well-formed Unicode$/],
    [["eu-west-1", "--reason", "x".repeat(commandReasonCharsMax + 1)], /^--reason takes .*: it is longer$/],
    [["eu-west-1", "--reason", "x", "--via", "mars-1"], /mars-1.*us-east-1/],
    [["eu-west-1", "--reason", "x", "--force=yes"], /^--force takes no value/],
    [["eu-west-1", "--reason", "x", "us-east-1"], /^unknown word "us-east-1"/],
    [["eu-west-1", "--reason", "x", "--until", "noon"], /^unknown option "--until": choose from --reason/],
  ])("%j is refused in one line", (words, error) => {
    const refused = read("drain", ...words);
    expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(error) });
    expect(refused.ok ? "" : refused.error).not.toContain("\n");
  });

  it("restores without force: there is nothing to force", () => {
    expect(read("restore", "eu-west-1", "--reason", "x", "--force")).toMatchObject({ ok: false });
  });
});
