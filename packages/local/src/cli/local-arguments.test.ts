import { describe, expect, it } from "vitest";
import { defaultArguments, localHelp, parseLocalArguments } from "./local-arguments.ts";

describe("npm run local", () => {
  it("needs no arguments", () => {
    expect(parseLocalArguments([])).toEqual({ type: "run", arguments: defaultArguments });
  });

  it("takes a port, an engine, a seed and a scale of time", () => {
    const line = "--port 5100 --engine dynamodb-local --seed 7 --time-scale 10";
    expect(parseLocalArguments(line.split(" "))).toEqual({
      type: "run",
      arguments: { port: 5100, engine: "dynamodb-local", seed: 7, timeScale: 10 },
    });
  });

  it.each([["help"], ["--help"], ["-h"], ["--port 80 --help"]])(
    "helps with %s, naming each option",
    (line) => {
      expect(parseLocalArguments(line.split(" "))).toEqual({ type: "help" });
      for (const option of ["port", "engine", "seed", "time-scale"])
        expect(localHelp).toContain(`--${option}: `);
    },
  );

  it.each([
    [["--regoin", "x"], 'unknown option "--regoin": choose from --port, --engine, --seed, --time-scale'],
    [["extra"], 'unknown word "extra": choose from --port, --engine, --seed, --time-scale'],
    [["--engine", "postgres"], '--engine takes embedded or dynamodb-local, not "postgres"'],
    [["--port", "80"], '--port takes a number from 1024 to 65400, not "80"'],
    [["--port", "x"], '--port takes a number from 1024 to 65400, not "x"'],
    [["--port"], "--port takes a number from 1024 to 65400, and none is given"],
    [["--seed", "1.5"], '--seed takes a whole number, not "1.5"'],
    [["--seed", "-1"], '--seed takes a whole number, not "-1"'],
    [["--time-scale", "0"], '--time-scale takes a whole number from 1 to 20, not "0"'],
    [["--time-scale", "21"], '--time-scale takes a whole number from 1 to 20, not "21"'],
  ])("refuses %j in one line", (argv, error) => {
    expect(parseLocalArguments(argv)).toEqual({ type: "error", error });
  });
});
