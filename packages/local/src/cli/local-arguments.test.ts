import { describe, expect, it } from "vitest";
import { defaultArguments, parseLocalArguments } from "./local-arguments.ts";

describe("npm run local", () => {
  it("needs no arguments", () => {
    expect(parseLocalArguments([])).toEqual(defaultArguments);
  });

  it("takes a port, an engine and a seed", () => {
    expect(parseLocalArguments(["--port", "5100", "--engine", "dynamodb-local", "--seed", "7"])).toEqual({
      port: 5100,
      engine: "dynamodb-local",
      seed: 7,
    });
  });

  it.each([
    [["--regoin", "x"], /Unknown option '--regoin'.*usage: npm run local/],
    [["extra"], /usage: npm run local/],
    [["--engine", "postgres"], /unknown engine "postgres": choose from embedded, dynamodb-local/],
    [["--port", "80"], /--port takes a number from 1024/],
    [["--port", "x"], /--port takes a number/],
    [["--seed", "1.5"], /--seed takes a whole number/],
  ])("refuses %j in one line", (argv, message) => {
    const parsed = parseLocalArguments(argv);
    expect(parsed).toMatchObject({ error: expect.stringMatching(message) });
    expect(JSON.stringify(parsed)).not.toContain("\\n");
  });
});
