import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { origin } from "../testing/arbitraries.ts";
import { createFakeItems } from "../testing/fake-items.ts";
import { adjustment } from "./adjust.ts";

const key = { pk: "STOCK#1", sk: "LEFT" };
const anyStep = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, -1, 1));

/** What happened: the number before each adjustment, and whether the adjustment happened. */
interface Step {
  readonly before: number | undefined;
  readonly by: number;
  readonly happened: boolean;
}

async function play(start: number | undefined, floor: number, steps: readonly number[]) {
  const items = createFakeItems(origin("us-east-1#1"));
  items.load("Views", start === undefined ? [] : [{ ...key, left: start }]);
  const history: Step[] = [];
  const left = () => {
    const value = items.dump("Views")[0]?.["left"];
    return typeof value === "number" ? value : undefined;
  };
  for (const by of steps) {
    const before = left();
    const outcome = await items.update("Views", key, adjustment("left", by, floor));
    history.push({ before, by, happened: outcome.ok && outcome.value.type === "written" });
  }
  return { history, end: left() };
}

/** A floor, and a number that is missing or not below it. */
const anyStart = fc
  .tuple(fc.integer({ min: -10, max: 10 }), fc.option(fc.nat({ max: 30 }), { nil: undefined }))
  .map(([floor, above]) => ({ floor, start: above === undefined ? undefined : floor + above }));

describe("adjustments with a floor", () => {
  test("one that happened left the number at or above the floor", async () => {
    await fc.assert(
      fc.asyncProperty(anyStart, fc.array(anyStep, { maxLength: 12 }), async ({ start, floor }, steps) => {
        const { history } = await play(start, floor, steps);
        for (const { before = 0, by, happened } of history) {
          expect(happened ? before + by : floor).toBeGreaterThanOrEqual(floor);
        }
      }),
    );
  });

  test("one is refused only when it would go below the floor, or take from what is not there", async () => {
    await fc.assert(
      fc.asyncProperty(anyStart, fc.array(anyStep, { maxLength: 12 }), async ({ start, floor }, steps) => {
        const { history } = await play(start, floor, steps);
        for (const { before, by, happened } of history) {
          const mayBeRefused = (before ?? 0) + by < floor || (before === undefined && by < 0);
          expect(happened).toBe(!mayBeRefused);
        }
      }),
    );
  });

  test("the number is what it began with and all that happened", async () => {
    await fc.assert(
      fc.asyncProperty(anyStart, fc.array(anyStep, { maxLength: 12 }), async ({ start, floor }, steps) => {
        const { history, end } = await play(start, floor, steps);
        const moved = history.filter(({ happened }) => happened).reduce((sum, { by }) => sum + by, 0);
        expect(end ?? 0).toBe((start ?? 0) + moved);
      }),
    );
  });
});
