import { describe, expect, test } from "vitest";
import { parseBenchArguments } from "./arguments.ts";

const names = ["api bundle", "cart merge"];

describe("the command line", () => {
  test("without anything is a table of every bench", () => {
    expect(parseBenchArguments([], names)).toEqual({ json: false, only: "" });
  });

  test.each(["help", "--help"])("%s names the benches", (word) => {
    expect(parseBenchArguments([word], names)).toEqual({
      help: expect.stringMatching(/^usage: .*\nbenches: api bundle, cart merge$/),
    });
  });

  test("chooses the form and the benches", () => {
    expect(parseBenchArguments(["--json", "--only", "cart"], names)).toEqual({ json: true, only: "cart" });
  });

  test.each([
    [["--only", "stock"], 'no bench is named like "stock"'],
    [["--fast"], "--fast"],
    [["cart"], "cart"],
  ])("%j is refused with the reason", (argv, reason) => {
    expect(parseBenchArguments(argv, names)).toEqual({ error: expect.stringContaining(reason) });
  });
});
