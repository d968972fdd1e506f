import { describe, expect, it } from "vitest";
import { drillHelp, parseDrillArguments } from "./arguments.ts";
import { drills } from "./drills.ts";

const parse = (line: string) => parseDrillArguments(line.split(" ").filter(Boolean), drills);

describe("npm run drill", () => {
  it("needs no more than a name", () => {
    expect(parse("concurrent-carts")).toMatchObject({
      type: "run",
      arguments: { seed: undefined, json: false, engine: "embedded", sizes: { carts: 16, operations: 320 } },
    });
  });

  it("takes a seed, sizes, an engine, and JSON", () => {
    expect(parse("price-conflict --seed 7 --json --engine dynamodb-local --rounds 2")).toMatchObject({
      type: "run",
      arguments: { seed: 7, json: true, engine: "dynamodb-local", sizes: { rounds: 2, products: 8 } },
    });
    expect(parse("price-conflict --seed 0")).toMatchObject({ arguments: { seed: 0 } });
  });

  it.each(["help", "--help", "-h", "price-conflict --help"])("helps with %s", (line) => {
    expect(parse(line)).toEqual({ type: "help" });
  });

  it("names every drill and option in its help", () => {
    const help = drillHelp(drills);
    for (const { name, sizes } of drills) {
      expect(help).toContain(`${name}: `);
      for (const size of sizes) expect(help).toContain(`--${size.name}: `);
    }
  });

  it.each([
    ["", /which drill\? Choose from concurrent-carts, price-conflict/],
    ["--seed 1", /which drill\?/],
    ["chaos", /unknown drill "chaos": choose from/],
    ["price-conflict --seed", /^--seed takes a whole number up to 999999999, and none is given$/],
    ["price-conflict --seed 1.5", /^--seed takes a whole number up to 999999999, not "1.5"$/],
    ["price-conflict --seed -1", /^--seed takes a whole number up to 999999999, not "-1"$/],
    ["price-conflict --seed 1000000000", /--seed takes a whole number/],
    [
      "price-conflict --carts 3",
      /^unknown option "--carts": choose from --seed, --json, --engine, --logs, --products, --rounds$/,
    ],
    ["price-conflict --rounds 0", /^--rounds takes a number from 1 to 50, not "0"$/],
    ["concurrent-carts --carts -3", /^--carts takes a number from \d+ to \d+, not "-3"$/],
    ["concurrent-carts --carts --json", /^--carts takes a number from \d+ to \d+, and none is given$/],
    ["concurrent-carts --operations 9999999", /--operations takes a number from 2 to/],
    ["concurrent-carts --engine postgres", /^--engine takes embedded or dynamodb-local, not "postgres"$/],
    ["concurrent-carts extra", /^unknown word "extra": choose from --seed/],
  ])("refuses %j in one line", (line, message) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ type: "error", error: expect.stringMatching(message) });
    expect(JSON.stringify(parsed)).not.toContain("\\n");
  });
});
