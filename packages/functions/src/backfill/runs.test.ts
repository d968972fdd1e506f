import { err, ok, viewToItem } from "@antipode/core";
import { origin } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { eu, lampEdit, lampItem, nextItem, priceOfLamp, us, viewOf, viewsIn } from "../testing/catalog.ts";
import { catalogOf, lateRegion, nothing, products, viewIds } from "../testing/late-region.ts";
import { roundsMax } from "./request.ts";
import { productNeededMs, timeNeededMs } from "./walk-catalog.ts";

const stopped = expect.objectContaining({ name: "BackfillStopped", values: [1] });

describe("a catalog that does not fit into one run", () => {
  test("is walked run by run, from `next` to `next`, each product once", async () => {
    const late = lateRegion(catalogOf(products(450)), { pages: 2 });
    let request: object | undefined = {};
    const rebuilt: number[] = [];
    while (request !== undefined) {
      const summary: Awaited<ReturnType<typeof late.run>> = await late.run(request);
      if (!("rebuilt" in summary)) {
        throw new Error("not a summary");
      }
      rebuilt.push(summary.rebuilt);
      expect(summary.upToDate).toBe(0);
      request = summary.next === undefined ? undefined : { after: summary.next };
    }
    expect(rebuilt).toEqual([200, 200, 50]);
    expect(viewIds(late)).toHaveLength(450);
    expect(late.started).toEqual([]);
  });

  test("makes some way in each run, however little time there is", async () => {
    const late = lateRegion(catalogOf(products(150)), { pages: 0 });
    expect(await late.run({})).toMatchObject({ rebuilt: 100, next: expect.anything() });
  });

  test("rebuilds a product once whose items lie on two pages", async () => {
    const many = catalogOf(products(99));
    const edits = [lampEdit(eu, 2, { title: "Lampe" }), lampItem].map((item) => ({
      ...item,
      pk: "PRODUCT#zz",
    }));
    const late = lateRegion([...many, ...edits]);
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 100 });
  });

  test("reads a product whole when the run before ended between two of its items", async () => {
    const prices = [90, 110].map((price, index) =>
      nextItem([lampItem], index === 0 ? us : eu, { [priceOfLamp]: price }),
    );
    // A third region settled it: its item sorts first, and the run goes on behind it.
    const settled = nextItem(prices, origin("ap-south-1#1"), { [priceOfLamp]: 100 });
    const { pk, sk } = settled;
    const late = lateRegion([...prices, settled]);
    expect(await late.run({ after: { pk, sk } })).toEqual({ ...nothing, rebuilt: 1 });
    expect(viewsIn(late.items)).toEqual([viewToItem(viewOf([...prices, settled]))]);
    expect(late.items.dump("Conflicts")).toEqual([]);
  });

  test("ends within a page when that takes the time, and begins there again", async () => {
    const late = lateRegion(catalogOf(products(150)), {
      timeLeftMs: (operations) => {
        const written = operations.filter((operation) => operation === "TransactWriteItems Views").length;
        return written < 110 ? timeNeededMs : productNeededMs - 1;
      },
    });
    const summary = await late.run({});
    expect(viewIds(late).length).toBeLessThan(150);
    expect(viewIds(late).length).toBeGreaterThanOrEqual(110);
    expect(summary).toMatchObject({ failedInAll: 0, next: { pk: expect.any(String) } });
    expect(await late.run({ after: "next" in summary ? summary.next : undefined })).not.toHaveProperty(
      "next",
    );
    expect(viewIds(late)).toHaveLength(150);
  });

  test("says so when not even one page is done in a run's time", async () => {
    const late = lateRegion(catalogOf(products(150)), { timeLeftMs: () => productNeededMs - 1 });
    await expect(late.run({})).rejects.toThrow(/no page was done/);
    await late.run({ continue: true, round: 1 });
    expect(late.requests()).toMatchObject([{ round: 2, idle: 1 }]);
  });

  test("that continues answers at once and is done run after run, until its end", async () => {
    const late = lateRegion(catalogOf(products(450)), { pages: 2 });
    expect(await late.run({ continue: true, force: true })).toEqual({ started: true });
    expect(viewIds(late)).toEqual([]);
    for (let at = 0; at < late.started.length; at += 1) {
      await late.run(late.requests()[at]);
    }
    expect(late.requests()).toMatchObject([1, 2, 3].map((round) => ({ round, force: true, idle: 0 })));
    expect(new Set(late.started).size).toBe(3);
    expect(viewIds(late)).toHaveLength(450);
  });

  test("never goes in circles: a run past the last is refused", async () => {
    const late = lateRegion(catalogOf(products(250)), { pages: 1 });
    await expect(late.run({ continue: true, round: roundsMax })).rejects.toThrow(/has not ended/);
    expect(late.deps.measurements.recorded).toContainEqual(stopped);
    await expect(late.run({ continue: true, round: roundsMax + 1 })).rejects.toThrow();
    expect(late.started).toEqual([]);
  });

  test("is not asked for the same page for ever", async () => {
    const stuck = lateRegion(catalogOf(products(3)), {
      wrap: (items) => ({
        ...items,
        scan: async () => ok({ items: [], next: { pk: "PRODUCT#lamp-1", sk: "EDIT#us-east-1#1" } }),
      }),
    });
    await expect(stuck.run({})).rejects.toThrow(/does not move on/);
  });

  test("starts the next run although the right to do so is not known yet, and says so when it never is", async () => {
    let refusals = 2;
    const startAgain = async () => {
      refusals -= 1;
      return refusals >= 0 ? err("AccessDeniedException") : ok(undefined);
    };
    const late = lateRegion([], { startAgain });
    expect(await late.run({ continue: true })).toEqual({ started: true });
    expect(late.waits).toHaveLength(2);
    const never = lateRegion([], { startAgain: async () => err("AccessDeniedException") });
    await expect(never.run({ continue: true })).rejects.toThrow(/AccessDenied/);
  });
});
