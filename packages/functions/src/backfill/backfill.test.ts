import {
  err,
  type Items,
  itemToView,
  ok,
  type Product,
  productToItems,
  type StoredItem,
  vectorToText,
  viewToItem,
} from "@antipode/core";
import { createFakeItems, type FakeItems, productId } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { rebuildView } from "../dispatcher/catalog/rebuild-view.ts";
import {
  eu,
  lamp,
  lampEdit,
  lampItem,
  nextItem,
  priceOfLamp,
  rebuildDeps,
  us,
  viewOf,
} from "../testing/catalog.ts";
import { startMs } from "../testing/test-world.ts";
import { createBackfill, roundsMax } from "./create-backfill.ts";
import { timeNeededMs } from "./walk-catalog.ts";

const products = (count: number): readonly Product[] =>
  Array.from({ length: count }, (_, index) => ({ ...lamp, id: productId(`lamp-${index}`) }));
const catalogOf = (list: readonly Product[]) =>
  list.map((product) => productToItems(product, us, { ms: startMs, counter: 0, origin: us }).catalog);

interface Wishes {
  /** Pages for which the time of one run is enough; each looks at it once. */
  readonly pages?: number;
  readonly wrap?: (items: FakeItems) => Items;
  readonly startAgain?: (
    payload: string,
  ) => Promise<ReturnType<typeof err<string>> | { ok: true; value: undefined }>;
}

/** A region whose views are empty. */
function lateRegion(catalog: readonly StoredItem[], { pages = 1_000, wrap, startAgain }: Wishes = {}) {
  const items = createFakeItems(eu);
  items.load("Catalog", catalog);
  const deps = rebuildDeps(wrap?.(items) ?? items);
  const started: string[] = [];
  const waits: number[] = [];
  const backfill = createBackfill({
    ...deps,
    delay: async (ms) => {
      waits.push(ms);
    },
    startAgain: async (payload) => {
      const answer = (await startAgain?.(payload)) ?? ok(undefined);
      if (answer.ok) {
        started.push(payload);
      }
      return answer;
    },
  });
  const run = (event: unknown) => {
    let looks = 0;
    return backfill(event, () => {
      looks += 1;
      return looks < pages ? timeNeededMs : timeNeededMs - 1;
    });
  };
  return { items, deps, run, started, waits };
}

const viewIds = ({ items }: { items: FakeItems }) => items.dump("Views").map(({ pk }) => pk);
const nothing = { rebuilt: 0, upToDate: 0, incomplete: 0, failedInAll: 0, failed: [] };

describe("a region that joins late", () => {
  test("gets every view and conflict that its replica holds", async () => {
    const catalog = [
      ...catalogOf(products(7)),
      nextItem([lampItem], us, { [priceOfLamp]: 90 }),
      nextItem([lampItem], eu, { [priceOfLamp]: 110 }),
    ];
    const late = lateRegion(catalog);
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 8 });
    expect(viewIds(late)).toHaveLength(8);
    expect(late.items.dump("Conflicts")).toHaveLength(1);
  });

  test("gets no more by a second run", async () => {
    const late = lateRegion(catalogOf(products(5)));
    await late.run({});
    const before = [...late.items.operations];
    expect(await late.run(undefined)).toEqual({ ...nothing, upToDate: 5 });
    expect(late.items.operations.slice(before.length).filter((one) => one.startsWith("PutItem"))).toEqual([]);
  });

  test("counts a product whose first edit is on its way, which the stream brings", async () => {
    const late = lateRegion([lampEdit(us, 2, { title: "Lampe" })]);
    expect(await late.run({})).toEqual({ ...nothing, incomplete: 1 });
  });

  test("of an empty catalog has nothing to do", async () => {
    expect(await lateRegion([]).run({})).toEqual(nothing);
  });
});

describe("a product that cannot be rebuilt", () => {
  const broken = catalogOf(products(1)).map((item) => ({ ...item, "f#colour": "red" }));
  const others = catalogOf(products(4).slice(1));

  test("is reported, and stops no other", async () => {
    const late = lateRegion([...broken, ...others]);
    expect(await late.run({})).toEqual({
      ...nothing,
      rebuilt: 3,
      failedInAll: 1,
      failed: [{ product: "PRODUCT#lamp-0", reason: "EDIT#us-east-1#1 f#colour: not a field's register" }],
    });
    expect(late.deps.log.entries).toContainEqual(
      expect.objectContaining({ level: "error", product: "PRODUCT#lamp-0" }),
    );
    expect(late.waits).toEqual([]); // waiting would not mend it
  });

  test("is named a hundred times at most, and counted always", async () => {
    const many = catalogOf(products(130)).map((item) => ({ ...item, v: 0 }));
    const summary = await lateRegion(many).run({});
    expect(summary).toMatchObject({ rebuilt: 0, failedInAll: 130 });
    expect("failed" in summary && summary.failed).toHaveLength(100);
  });

  test("is one whose partition is no product's", async () => {
    const late = lateRegion([{ pk: "PRODUCT#Lamp", sk: "EDIT#us-east-1#1", v: 1 }, ...others]);
    expect(await late.run({})).toMatchObject({ rebuilt: 3, failed: [{ product: "PRODUCT#Lamp" }] });
  });

  test("for a passing fault is tried again in the same run", async () => {
    const late = lateRegion(others);
    late.items.failNext("PutItem Views", { type: "throttled", operation: "PutItem" }, { times: 2 });
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 3 });
    expect(late.waits).toHaveLength(1);
  });

  test("for a lasting fault is reported after three tries", async () => {
    const late = lateRegion(others);
    late.items.failNext("GetItem Views", { type: "throttled", operation: "GetItem" }, { times: 1_000 });
    expect(await late.run({})).toMatchObject({ rebuilt: 0, failedInAll: 3 });
    expect(late.items.operations.filter((one) => one === "GetItem Views")).toHaveLength(9);
  });
});

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

  test("that continues answers at once and is done run after run, until its end", async () => {
    const late = lateRegion(catalogOf(products(450)), { pages: 2 });
    expect(await late.run({ continue: true })).toEqual({ started: true });
    expect(viewIds(late)).toEqual([]);
    for (let at = 0; at < late.started.length; at += 1) {
      await late.run(JSON.parse(late.started[at] ?? ""));
    }
    expect(late.started.map((payload) => JSON.parse(payload).round)).toEqual([1, 2, 3]);
    expect(new Set(late.started).size).toBe(3);
    expect(viewIds(late)).toHaveLength(450);
  });

  test("never goes in circles: a run past the last is refused", async () => {
    const late = lateRegion(catalogOf(products(250)), { pages: 1 });
    await expect(late.run({ continue: true, round: roundsMax })).rejects.toThrow(/has not ended/);
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

describe("a catalog that cannot be read", () => {
  test("for a moment is read the next moment", async () => {
    const late = lateRegion(catalogOf(products(3)));
    late.items.failNext("Scan Catalog", { type: "throttled", operation: "Scan" }, { times: 2 });
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 3 });
  });

  test("fails the run, so that Lambda or the operator repeats it", async () => {
    const late = lateRegion(catalogOf(products(3)));
    late.items.failNext("Scan Catalog", { type: "throttled", operation: "Scan" }, { times: 3 });
    await expect(late.run({})).rejects.toThrow(/cannot be read: throttled/);
  });
});

test.each([{ after: "PRODUCT#lamp" }, { afterr: {} }, { continue: 1 }, { round: 0 }, "all"])(
  "an event that is not understood is refused: %j",
  async (event) => {
    const late = lateRegion(catalogOf(products(1)));
    await expect(late.run(event)).rejects.toThrow();
    expect(late.items.operations).toEqual([]);
  },
);

describe("beside the dispatcher", () => {
  const newer = nextItem([lampItem], us, { title: "Newer" });

  /** The dispatcher brings the view forward once, behind the first call of that operation. */
  function raced(operation: "scan" | "get" | "put"): ReturnType<typeof lateRegion> {
    let done = false;
    const behind = async <T>(items: FakeItems, answer: T): Promise<T> => {
      if (!done) {
        done = true;
        items.load("Catalog", [newer]);
        await rebuildView(rebuildDeps(items), lamp.id);
      }
      return answer;
    };
    return lateRegion([lampItem], {
      wrap: (items) => ({
        ...items,
        scan: async (...args) => {
          const page = await items.scan(...args);
          return operation === "scan" ? behind(items, page) : page;
        },
        get: async (...args) => {
          const item = await items.get(...args);
          return operation === "get" ? behind(items, item) : item;
        },
        put: async (...args) => {
          const outcome = await items.put(...args);
          return operation === "put" ? behind(items, outcome) : outcome;
        },
      }),
    });
  }

  const servedBy = ({ items }: { items: FakeItems }) => {
    const [stored] = items.dump("Views");
    const view = stored && itemToView(stored);
    return view?.ok && [view.value.product.title, vectorToText(view.value.vector)];
  };

  test.each([
    ["scan", { upToDate: 1 }],
    ["get", { upToDate: 1 }],
    ["put", { rebuilt: 1 }],
  ] as const)("the view of the later reading stays: behind the %s", async (operation, counts) => {
    const late = raced(operation);
    expect(await late.run({})).toEqual({ ...nothing, ...counts });
    expect(servedBy(late)).toEqual(["Newer", "us-east-1#1:2"]);
  });

  test("a view that knows an item which the page had not is merged from a new reading", async () => {
    const theirs = nextItem([lampItem], eu, { title: "Lampe" });
    const late = lateRegion([newer, theirs], {
      wrap: (items) => ({
        ...items,
        scan: async () => ok({ items: [newer] }), // as read a moment before theirs arrived
      }),
    });
    late.items.load("Views", [viewToItem(viewOf([lampItem, theirs]))]);
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 1 });
    expect(servedBy(late)).toEqual([expect.any(String), "eu-west-1#1:1;us-east-1#1:2"]);
    expect(late.waits).toEqual([]);
  });
});
