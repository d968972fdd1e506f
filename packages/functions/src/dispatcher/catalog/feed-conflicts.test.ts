import { itemToConflict, itemToView, ok, type StoredItem, viewKey, viewToItem } from "@antipode/core";
import { createFakeItems } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import {
  eu,
  lamp,
  lampItem,
  nextItem,
  offersOf,
  priceOfLamp,
  rebuildDeps,
  us,
  viewOf,
} from "../../testing/catalog.ts";
import { failure, streamEvent, streamRecord } from "../../testing/stream-event.ts";
import { testDeployment } from "../../testing/test-world.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { rebuildView, rebuildViews } from "./rebuild-view.ts";

const cheaper = nextItem([lampItem], us, { [priceOfLamp]: 90 });
const dearer = nextItem([lampItem], eu, { [priceOfLamp]: 110 });

function region(catalog: readonly StoredItem[], at = us) {
  const items = createFakeItems(at);
  items.load("Catalog", catalog);
  const deps = rebuildDeps(items);
  const dispatch = createDispatcher(
    { ...deps, deployment: testDeployment("us-east-1") },
    { table: "Catalog", handle: rebuildViews(deps) },
  );
  return { items, deps, dispatch };
}

type Region = ReturnType<typeof region>;

const fedTo = ({ items }: Region) =>
  items.dump("Conflicts").map((item) => {
    const fed = itemToConflict(item);
    if (!fed.ok) {
      throw new Error(fed.error.reason);
    }
    return fed.value.conflict.siblings.map(({ value }) => value);
  });
const writes = ({ items }: Region) =>
  items.operations.filter((operation) => /^(?:Put|Transact)/.test(operation));
const counted = ({ deps }: Region) =>
  deps.measurements.recorded.filter(({ name }) => name === "ConflictsFed").map(({ values }) => values);

async function servedPrice({ items }: Region) {
  const item = await items.get("Views", viewKey(lamp.id));
  const view = item.ok && item.value !== undefined ? itemToView(item.value) : undefined;
  return view?.ok ? view.value.product.variants[0]?.prices : undefined;
}

const arrival = streamEvent([streamRecord(dearer, 0)]);

describe("two prices that did not know of each other", () => {
  test("are both in the feed, and the lower is served", async () => {
    const here = region([cheaper, dearer]);
    expect(await here.dispatch(arrival)).toEqual(failure());
    expect(fedTo(here)).toEqual([[110, 90]]);
    expect(await servedPrice(here)).toEqual([{ amountMinor: 90, currency: "EUR" }]);
    expect(counted(here)).toEqual([[1]]);
  });

  test("are in the feed before the view shows them", async () => {
    const here = region([cheaper, dearer]);
    await here.dispatch(arrival);
    expect(writes(here)).toEqual(["PutItem Conflicts", "TransactWriteItems Views"]);
  });

  test("have one place in the feed, however often they are delivered, the same in every region", async () => {
    const here = region([cheaper, dearer]);
    const there = region([dearer, cheaper], eu);
    for (const at of [here, there]) {
      await at.dispatch(arrival);
      at.deps.clock.advance(60_000);
      await at.dispatch(arrival);
      await rebuildView(at.deps, lamp.id);
    }
    expect(here.items.dump("Conflicts")).toHaveLength(1);
    expect(here.items.dump("Conflicts")).toEqual(there.items.dump("Conflicts"));
    expect(counted(here)).toEqual([[1]]);
  });

  test("are not put again by a view that shows them, except when that is asked for", async () => {
    const here = region([cheaper, dearer]);
    await here.dispatch(arrival);
    const bare = region([cheaper, dearer]);
    bare.items.load("Views", here.items.dump("Views"));
    expect(await bare.dispatch(arrival)).toEqual(failure());
    expect(writes(bare)).toEqual([]);
    expect(await rebuildView(bare.deps, lamp.id, { force: true })).toEqual(ok("written"));
    expect(fedTo(bare)).toEqual([[110, 90]]);
    expect(writes(bare)).toEqual(["PutItem Conflicts", "PutItem Views"]);
  });

  test("stay as they were first seen when all conflicts are fed again later", async () => {
    const here = region([cheaper, dearer]);
    await here.dispatch(arrival);
    const feed = here.items.dump("Conflicts");
    here.deps.clock.advance(60_000);
    expect(await rebuildView(here.deps, lamp.id, { force: true })).toEqual(ok("written"));
    expect(here.items.dump("Conflicts")).toEqual(feed);
    expect(counted(here)).toEqual([[1]]);
  });

  test("are put beside others that the view shows already", async () => {
    const here = region([cheaper, dearer]);
    await here.dispatch(arrival);
    here.items.load("Catalog", [
      nextItem([lampItem, cheaper], us, { title: "Lamp" }),
      nextItem([lampItem, dearer], eu, { title: "Lampe" }),
    ]);
    await here.dispatch(arrival);
    expect(fedTo(here).sort()).toEqual(
      [
        ["Lampe", "Lamp"],
        [110, 90],
      ].sort(),
    );
    expect(writes(here).filter((write) => write === "PutItem Conflicts")).toHaveLength(2);
  });

  test("are put each time while the view has no room for them", async () => {
    const here = region([cheaper, dearer]);
    here.items.load("Views", [
      viewToItem({ ...viewOf([cheaper, dearer]), conflicts: [], conflictsLeftOut: 1 }),
      ...offersOf([cheaper, dearer]),
    ]);
    expect(await rebuildView(here.deps, lamp.id)).toEqual(ok("up-to-date"));
    expect(fedTo(here)).toEqual([[110, 90]]);
  });

  test("are fed by the redelivery when the view was not written behind the feed, or the feed not at all", async () => {
    for (const [operation, after] of [
      ["PutItem Conflicts", false],
      ["PutItem Conflicts", true],
      ["TransactWriteItems Views", false],
    ] as const) {
      const here = region([cheaper, dearer]);
      here.items.load("Views", [viewToItem(viewOf([cheaper])), ...offersOf([lampItem])]);
      here.items.failNext(operation, { type: "unavailable", operation, reason: "gone" }, { after });
      expect(await here.dispatch(arrival)).toEqual(failure(0));
      expect(await here.dispatch(arrival)).toEqual(failure());
      expect(fedTo(here)).toEqual([[110, 90]]);
    }
  });

  test("fail the records, and leave the view, when the feed cannot be written", async () => {
    const here = region([cheaper, dearer]);
    here.items.failNext("PutItem Conflicts", { type: "throttled", operation: "PutItem" });
    expect(await here.dispatch(arrival)).toEqual(failure(0));
    expect(await servedPrice(here)).toBeUndefined();
    expect(await here.dispatch(arrival)).toEqual(failure());
    expect(fedTo(here)).toEqual([[110, 90]]);
  });

  test("stay in the feed when they are settled, and the settled product adds nothing", async () => {
    const settled = nextItem([cheaper, dearer], eu, { [priceOfLamp]: 100 });
    const here = region([cheaper, dearer]);
    await here.dispatch(arrival);
    here.items.load("Catalog", [settled]);
    await here.dispatch(streamEvent([streamRecord(settled, 1)]));
    expect(fedTo(here)).toEqual([[110, 90]]);
    expect(await servedPrice(here)).toEqual([{ amountMinor: 100, currency: "EUR" }]);
  });
});

test("edits of different fields feed nothing", async () => {
  const title = nextItem([lampItem], eu, { title: "Lampe" });
  const here = region([cheaper, title]);
  expect(await rebuildView(here.deps, lamp.id)).toEqual(ok("written"));
  expect(here.items.dump("Conflicts")).toEqual([]);
  expect(counted(here)).toEqual([]);
});
