import { err } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { catalogOf, lateRegion, nothing, products, viewIds } from "../testing/late-region.ts";
import { idleRunsMax } from "./request.ts";
import { timeNeededMs } from "./walk-catalog.ts";

const stopped = expect.objectContaining({ name: "BackfillStopped", values: [1] });

describe("a backfill that goes on by itself, while the store is out", () => {
  const outage = { type: "unavailable", operation: "any", reason: "gone" } as const;
  const waitMs = 240_000;
  const timeLeftMs = () => waitMs + timeNeededMs;

  test.each(["Scan Catalog", "GetItem Views", "TransactWriteItems Views"])(
    "begins again where it was, a while later, until %s works",
    async (operation) => {
      const late = lateRegion(catalogOf(products(5)), { timeLeftMs });
      late.items.failNext(operation, outage, { times: operation === "Scan Catalog" ? 3 * 4 : 5 * 3 * 4 });
      const answers = await late.runAll({ continue: true });
      expect(late.requests()).toMatchObject([0, 1, 2, 3, 4].map((idle) => ({ round: idle + 1, idle })));
      expect(late.waits.filter((ms) => ms === waitMs)).toHaveLength(4);
      expect(answers.at(-1)).toEqual({ ...nothing, rebuilt: 5 });
      expect(late.deps.measurements.recorded).not.toContainEqual(stopped);
    },
  );

  test("begins counting anew when it gets further", async () => {
    let scans = 0;
    const late = lateRegion(catalogOf(products(150)), {
      timeLeftMs,
      wrap: (items) => ({
        ...items,
        async scan(...args) {
          scans += 1;
          return scans === 1 || scans > 7 ? items.scan(...args) : err(outage); // the second page, two runs long
        },
      }),
    });
    await late.runAll({ continue: true, round: 5, idle: 3 });
    expect(late.requests()).toMatchObject([{ idle: 0 }, { idle: 1 }]);
    expect(viewIds(late)).toHaveLength(150);
  });

  test("stops after hours, says so, and names where to go on from", async () => {
    const late = lateRegion(catalogOf(products(5)), { timeLeftMs });
    late.items.failNext("Scan Catalog", outage, { times: 1_000_000 });
    const after = { pk: "PRODUCT#lamp-1", sk: "EDIT#us-east-1#1" };
    const answers = await late.runAll({ continue: true, after });
    expect(answers.at(-1)).toMatchObject({
      message: expect.stringMatching(/got no further.*cannot be read/),
    });
    expect(late.requests()).toHaveLength(idleRunsMax + 1);
    expect(late.deps.measurements.recorded.filter(({ name }) => name === "BackfillStopped")).toHaveLength(1);
    expect(late.deps.log.entries.at(-1)).toMatchObject({ level: "error", after });
  });

  test("stops likewise when no view can be written: it leaves no page behind undone", async () => {
    const late = lateRegion(catalogOf(products(5)), { timeLeftMs });
    late.items.failNext("TransactWriteItems Views", outage, { times: 1_000_000 });
    const answers = await late.runAll({ continue: true });
    expect(answers.at(-1)).toMatchObject({ message: expect.stringMatching(/storage: unavailable/) });
    expect(late.deps.measurements.recorded).toContainEqual(stopped);
  });

  test("leaves behind at last what fails alone", async () => {
    const late = lateRegion(catalogOf(products(5)), {
      timeLeftMs,
      wrap: (items) => ({
        ...items,
        get: async (table, key) => (key.pk === "PRODUCT#lamp-3" ? err(outage) : items.get(table, key)),
      }),
    });
    const answers = await late.runAll({ continue: true });
    expect(late.requests()).toHaveLength(idleRunsMax + 1);
    expect(answers.at(-1)).toMatchObject({
      upToDate: 4,
      failed: [{ product: "PRODUCT#lamp-3", reason: "storage: unavailable" }],
    });
    expect(late.deps.measurements.recorded).not.toContainEqual(stopped);
  });

  test("does not wait for what waiting would not mend", async () => {
    const late = lateRegion(catalogOf(products(5)), { timeLeftMs });
    late.items.failNext(
      "Scan Catalog",
      { type: "unreadable", operation: "Scan", reason: "a set" },
      { times: 3 },
    );
    await expect(late.run({ continue: true, round: 1 })).rejects.toThrow(/unreadable/);
    expect(late.deps.measurements.recorded).toContainEqual(stopped);
    expect(late.started).toEqual([]);
  });

  test("says that it stops when the next run cannot be started", async () => {
    const late = lateRegion(catalogOf(products(250)), { pages: 1, startAgain: async () => err("Throttled") });
    await expect(late.run({ continue: true, round: 1 })).rejects.toThrow(/Throttled/);
    expect(late.deps.measurements.recorded).toContainEqual(stopped);
    expect(late.deps.log.entries.at(-1)).toMatchObject({ after: { pk: expect.any(String) } });
  });
});
