import { describe, expect, it } from "vitest";
import { asksForHelp, readOptions, readWhole } from "./options.ts";

const forms = { carts: "a number from 1 to 96", engine: "a name", json: undefined };

describe("options", () => {
  it.each<[string[], [string, string][]]>([
    [[], []],
    [
      ["--carts", "3", "--json"],
      [
        ["carts", "3"],
        ["json", ""],
      ],
    ],
    [
      ["--json", "--carts=3", "--engine", "-x"],
      [
        ["json", ""],
        ["carts", "3"],
        ["engine", "-x"],
      ],
    ],
    [["--carts", "3", "--carts", "4"], [["carts", "4"]]],
    [["--engine=a=b"], [["engine", "a=b"]]],
  ])("%j are read", (argv, values) => {
    expect(readOptions(argv, forms)).toEqual({ ok: true, value: new Map(values) });
  });

  it.each<[string[], string]>([
    [["--cats", "3"], 'unknown option "--cats": choose from --carts, --engine, --json'],
    [["--toString"], 'unknown option "--toString": choose from --carts, --engine, --json'],
    [["-c"], 'unknown option "-c": choose from --carts, --engine, --json'],
    [["--"], 'unknown option "--": choose from --carts, --engine, --json'],
    [["carts"], 'unknown word "carts": choose from --carts, --engine, --json'],
    [["--json", "3"], 'unknown word "3": choose from --carts, --engine, --json'],
    [["--carts"], "--carts takes a number from 1 to 96, and none is given"],
    [["--carts="], "--carts takes a number from 1 to 96, and none is given"],
    [["--carts", "--json"], "--carts takes a number from 1 to 96, and none is given"],
    [["--json=3"], '--json takes no value, not "3" either'],
  ])("%j are refused by name, with what is allowed", (argv, error) => {
    expect(readOptions(argv, forms)).toEqual({ ok: false, error });
  });

  it("are whole numbers within bounds", () => {
    expect(["1", "96", "007"].map((text) => readWhole(text, 1, 96))).toEqual([1, 96, 7]);
    for (const text of ["0", "97", "-3", "1.5", "1e1", "", "x"])
      expect(readWhole(text, 1, 96)).toBeUndefined();
  });

  it("may ask for help anywhere", () => {
    expect([["--help"], ["a", "-h"], ["help"]].map(asksForHelp)).toEqual([true, true, false]);
  });
});
