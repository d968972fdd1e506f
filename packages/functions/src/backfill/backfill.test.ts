import { err, itemToView, ok, vectorToText, viewToItem } from "@antipode/core";
import type { FakeItems } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { rebuildView } from "../dispatcher/catalog/rebuild-view.ts";
import {
  eu,
  lamp,
  lampEdit,
  lampItem,
  nextItem,
  offersOf,
  priceOfLamp,
  rebuildDeps,
  us,
  viewOf,
  viewsIn,
} from "../testing/catalog.ts";
import { catalogOf, lateRegion, nothing, products, viewIds } from "../testing/late-region.ts";

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
    expect(late.items.operations.slice(before.length).filter((one) => /^(?:Put|Transact)/.test(one))).toEqual(
      [],
    );
  });

  test("counts a product whose first edit is on its way, which the stream brings", async () => {
    const late = lateRegion([lampEdit(us, 2, { title: "Lampe" })]);
    expect(await late.run({})).toEqual({ ...nothing, incomplete: 1 });
  });

  test("is written and fed anew by force, however new its views are", async () => {
    const prices = [90, 110].map((price, index) =>
      nextItem([lampItem], index === 0 ? us : eu, { [priceOfLamp]: price }),
    );
    const whole = lateRegion(prices);
    const offers = offersOf(prices);
    whole.items.load("Views", [{ ...viewToItem(viewOf(prices)), title: "Folded badly" }, ...offers]);
    expect(await whole.run({})).toEqual({ ...nothing, upToDate: 1 });
    expect(whole.items.dump("Conflicts")).toEqual([]);
    expect(await whole.run({ force: true })).toEqual({ ...nothing, rebuilt: 1 });
    expect(whole.items.dump("Views")).toEqual([...offers, viewToItem(viewOf(prices))]);
    expect(whole.items.dump("Conflicts")).toHaveLength(1);
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
    late.items.failNext(
      "TransactWriteItems Views",
      { type: "throttled", operation: "PutItem" },
      { times: 2 },
    );
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 3 });
    expect(late.waits).toHaveLength(1);
  });

  test("is tried again from a new reading: the page is old by then", async () => {
    const newer = nextItem([lampItem], us, { title: "Newer" });
    let failing = true;
    const late = lateRegion([lampItem], {
      wrap: (items) => ({
        ...items,
        async transact(...args) {
          if (failing) {
            failing = false;
            items.load("Catalog", [newer]);
            return err({ type: "throttled", operation: "TransactWriteItems Views" });
          }
          return items.transact(...args);
        },
      }),
    });
    expect(await late.run({})).toEqual({ ...nothing, rebuilt: 1 });
    expect(viewsIn(late.items)).toMatchObject([{ title: "Newer" }]);
  });

  test("for a lasting fault is reported after three tries", async () => {
    const late = lateRegion(others);
    late.items.failNext("GetItem Views", { type: "throttled", operation: "GetItem" }, { times: 1_000 });
    expect(await late.run({})).toMatchObject({ rebuilt: 0, failedInAll: 3 });
    expect(late.items.operations.filter((one) => one === "GetItem Views")).toHaveLength(9);
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
  function raced(operation: "scan" | "get" | "transact"): ReturnType<typeof lateRegion> {
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
        transact: async (...args) => {
          const outcome = await items.transact(...args);
          return operation === "transact" ? behind(items, outcome) : outcome;
        },
      }),
    });
  }

  const servedBy = ({ items }: { items: FakeItems }) => {
    const [stored] = viewsIn(items);
    const view = stored && itemToView(stored);
    return view?.ok && [view.value.product.title, vectorToText(view.value.vector)];
  };

  test.each([
    ["scan", { upToDate: 1 }],
    ["get", { upToDate: 1 }],
    ["transact", { rebuilt: 1 }],
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
