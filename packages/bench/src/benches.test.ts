import { describe, expect, test } from "vitest";
import * as z from "zod";
import { leastEffort } from "./bench.ts";
import { benches } from "./benches.ts";
import { ratioOf, type Unit, units } from "./figure.ts";

const figureSchema = z.strictObject({
  name: z.string().min(1),
  value: z.number().min(0),
  unit: z.enum(Object.keys(units) as [Unit, ...Unit[]]),
  peer: z.string().min(1),
  peerValue: z.number().min(0),
  ratio: z.number().positive(),
});

/** Figures are rounded to three digits, and the ratio is of what they were before. */
const roundingTolerance = 0.02;

describe("every bench", () => {
  test.each(benches)("$name: gives figures of the one shape", async (bench) => {
    const progress: string[] = [];
    const found = await bench.run(leastEffort, (line) => progress.push(line));
    expect(
      z
        .array(figureSchema)
        .min(1)
        .parse(JSON.parse(JSON.stringify(found))),
    ).toEqual(found);
    expect(new Set(found.map(({ name, unit, peer }) => `${name} ${unit} ${peer}`)).size).toBe(found.length);
    expect(progress.length).toBeGreaterThan(0);
    for (const { unit, value, peerValue, ratio } of found) {
      expect(Math.abs(ratio / ratioOf(unit, value, peerValue) - 1)).toBeLessThan(roundingTolerance);
    }
  });

  test("has a name of its own", () => {
    expect(new Set(benches.map(({ name }) => name)).size).toBe(benches.length);
  });
});
