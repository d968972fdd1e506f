import {
  type Items,
  itemToView,
  ok,
  productPartition,
  productToItems,
  type StorageError,
  type StoredItem,
  vectorToText,
  viewKey,
} from "@antipode/core";
import { createFakeItems, productId } from "@antipode/core/testing";
import { startDynamo } from "@antipode/local/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDynamoItems } from "../../aws/items.ts";
import {
  lampItem as catalog,
  lampEdit as edit,
  eu,
  lamp,
  rebuildDeps,
  us,
  viewsIn,
} from "../../testing/catalog.ts";
import { failure, streamEvent, streamRecord } from "../../testing/stream-event.ts";
import { testDynamoClient, testTableNames, testTables } from "../../testing/test-tables.ts";
import { testDeployment } from "../../testing/test-world.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { rebuildView, rebuildViews } from "./rebuild-view.ts";

function world(items: Items) {
  const deps = rebuildDeps(items);
  const dispatch = createDispatcher(
    { ...deps, deployment: testDeployment("us-east-1") },
    { table: "Catalog", handle: rebuildViews(deps) },
  );
  return { items, log: deps.log, dispatch, deps };
}

async function served({ items }: { items: Items }) {
  const item = await items.get("Views", viewKey(lamp.id));
  const view = item.ok && item.value !== undefined ? itemToView(item.value) : undefined;
  return view?.ok ? { title: view.value.product.title, version: vectorToText(view.value.vector) } : undefined;
}

function fakeWorld(catalogItems: readonly StoredItem[]) {
  const items = createFakeItems(us);
  items.load("Catalog", catalogItems);
  return { ...world(items), items };
}

const writes = ({ items }: ReturnType<typeof fakeWorld>) =>
  items.operations.filter((operation) => /^(?:Put|Transact)/.test(operation));

describe("the catalog dispatcher", () => {
  test("brings the view up to what the replica holds, once however many edits came", async () => {
    const w = fakeWorld([catalog, edit(eu, 2, { title: "Lampe" })]);
    const batch = [
      streamRecord(catalog, 0),
      streamRecord(edit(eu, 1, { title: "x" }), 1),
      streamRecord(edit(eu, 2, {}), 2),
    ];
    expect(await w.dispatch(streamEvent(batch))).toEqual(failure());
    expect(await served(w)).toEqual({ title: "Lampe", version: "eu-west-1#1:2;us-east-1#1:1" });
    expect(writes(w)).toEqual(["TransactWriteItems Views"]);
  });

  test("writes nothing for a batch that is delivered again", async () => {
    const w = fakeWorld([catalog]);
    const event = streamEvent([streamRecord(catalog, 0)]);
    await w.dispatch(event);
    await w.dispatch(event);
    expect(writes(w)).toEqual(["TransactWriteItems Views"]);
  });

  test("leaves a product whose first edit is still on its way, and serves it when that comes", async () => {
    const w = fakeWorld([edit(eu, 1, { title: "Lampe" })]);
    expect(await w.dispatch(streamEvent([streamRecord(edit(eu, 1, {}), 0)]))).toEqual(failure());
    expect(await served(w)).toBeUndefined();
    w.items.load("Catalog", [catalog]);
    await w.dispatch(streamEvent([streamRecord(catalog, 1)]));
    expect(await served(w)).toMatchObject({ title: "Lampe" });
  });

  test("fails the records of a product that it does not understand, and serves the others", async () => {
    const other = productToItems({ ...lamp, id: productId("desk") }, us, {
      ms: 1,
      counter: 0,
      origin: us,
    }).catalog;
    const w = fakeWorld([{ ...catalog, "f#colour": "red" }, other]);
    const batch = [streamRecord(catalog, 0), streamRecord(other, 1)];
    expect(await w.dispatch(streamEvent(batch))).toEqual(failure(0));
    expect(w.log.entries).toMatchObject([{ reason: "EDIT#us-east-1#1 f#colour: not a field's register" }]);
    expect(viewsIn(w.items).map(({ pk }) => pk)).toEqual(["PRODUCT#desk"]);
  });

  test.each(["Query Catalog", "GetItem Views", "TransactWriteItems Views"])(
    "fails when %s is throttled, and catches up when it is delivered again",
    async (operation) => {
      const w = fakeWorld([catalog]);
      const event = streamEvent([streamRecord(catalog, 0)]);
      w.items.failNext(operation, { type: "throttled", operation });
      expect(await w.dispatch(event)).toEqual(failure(0));
      expect(await w.dispatch(event)).toEqual(failure());
      expect(await served(w)).toMatchObject({ title: "Lamp" });
    },
  );

  test.each([
    ["throttled", true],
    ["unavailable", true],
    ["contended", true],
    ["item-too-large", false],
  ] as const)("says whether another try may help: %s", async (type, passing) => {
    const operation = "TransactWriteItems Views";
    const w = fakeWorld([catalog]);
    w.items.failNext(operation, { type, operation, reason: "as told" } as StorageError);
    expect(await rebuildView(w.deps, lamp.id)).toMatchObject({ ok: false, error: { passing } });
  });

  test("writes a view of the same version again only when that is asked for, and never an older one", async () => {
    const w = fakeWorld([catalog]);
    const version = { title: "Folded badly" };
    await rebuildView(w.deps, lamp.id);
    w.items.load("Views", [{ ...viewsIn(w.items)[0], ...version } as StoredItem]);
    expect(await rebuildView(w.deps, lamp.id)).toEqual(ok("up-to-date"));
    expect(await served(w)).toMatchObject(version);
    expect(await rebuildView(w.deps, lamp.id, { force: true })).toEqual(ok("written"));
    expect(await served(w)).toMatchObject({ title: "Lamp" });
    w.items.load("Catalog", [edit(eu, 1, { title: "Lampe" })]);
    await rebuildView(w.deps, lamp.id);
    expect(await rebuildView(w.deps, lamp.id, { known: [catalog], force: true })).toEqual(ok("up-to-date"));
    expect(await served(w)).toMatchObject({ title: "Lampe" });
  });

  test("replaces a stored view that cannot be read", async () => {
    const w = fakeWorld([catalog]);
    w.items.load("Views", [{ ...viewKey(lamp.id), version: "old form" }]);
    expect(await w.dispatch(streamEvent([streamRecord(catalog, 0)]))).toEqual(failure());
    expect(await served(w)).toMatchObject({ title: "Lamp" });
  });

  test("does not go back when an edit is taken out of the table", async () => {
    const w = fakeWorld([catalog, edit(eu, 1, { title: "Lampe" })]);
    await rebuildView(w.deps, lamp.id);
    const gone = fakeWorld([catalog]);
    gone.items.load("Views", w.items.dump("Views"));
    const { NewImage: _gone, ...dynamodb } = streamRecord(edit(eu, 1, {}), 5).dynamodb ?? {};
    const removal = { ...streamRecord(catalog, 5), eventName: "REMOVE" as const, dynamodb };
    expect(await gone.dispatch(streamEvent([removal]))).toEqual(failure());
    expect(await served(gone)).toMatchObject({ title: "Lampe" });
  });
});

describe("a stale rebuild", () => {
  /** Rebuilds from a partition read before `newer` arrived, while a rebuild from after it finishes first. */
  async function race(items: Items, newer: StoredItem, put: (item: StoredItem) => Promise<unknown>) {
    let stale = true;
    const slow: Items = {
      ...items,
      async queryPartition(table, pk) {
        const partition = await items.queryPartition(table, pk);
        if (stale) {
          stale = false;
          await put(newer);
          await rebuildView(rebuildDeps(items), lamp.id);
        }
        return partition;
      },
    };
    return rebuildView(rebuildDeps(slow), lamp.id);
  }

  test.each([
    ["of its own origin", edit(us, 2, { title: "New" })],
    ["of an origin it had not heard of", edit(eu, 1, { title: "New" })],
  ])("never overwrites a newer view with an edit %s, first view or not", async (_what, newer) => {
    for (const views of [[], [productToItems(lamp, us, { ms: 0, counter: 0, origin: us }).view]]) {
      const items = createFakeItems(us);
      items.load("Catalog", [catalog]);
      items.load(
        "Views",
        views.map((view) => ({ ...view, version: "0" })),
      );
      const whole = newer.sk === catalog.sk ? { ...catalog, ...newer } : newer;
      const outcome = await race(items, whole, async (item) => items.load("Catalog", [item]));
      expect(outcome).toEqual(ok("up-to-date"));
      expect(await served({ items })).toMatchObject({ title: "New" });
    }
  });

  test("that saw what the other did not, and the other way round, is settled by reading again", async () => {
    const items = createFakeItems(us);
    items.load("Catalog", [catalog]);
    const stored = productToItems(lamp, eu, { ms: 1, counter: 0, origin: eu }).view;
    items.load("Views", [stored]);
    let reads = 0;
    const growing: Items = {
      ...items,
      async queryPartition(table, pk) {
        reads += 1;
        if (reads === 2) {
          items.load("Catalog", [edit(eu, 1, { title: "Lampe" })]);
        }
        return items.queryPartition(table, pk);
      },
    };
    expect(await rebuildView(rebuildDeps(growing), lamp.id)).toEqual(ok("written"));
    expect(await served({ items })).toEqual({ title: "Lampe", version: "eu-west-1#1:1;us-east-1#1:1" });
  });

  test("gives up, to be delivered again, when the view keeps changing", async () => {
    const items = createFakeItems(us);
    items.load("Catalog", [catalog]);
    const contested: Items = {
      ...items,
      put: async () => ok({ type: "refused" }),
      transact: async () => ok({ type: "refused", refusals: [] }),
    };
    for (let again = 0; again < 2; again += 1) {
      expect(await rebuildView(rebuildDeps(contested), lamp.id)).toMatchObject({
        ok: false,
        error: { passing: true, reason: expect.stringMatching(/changed 5 times/) },
      });
      items.load("Views", productToItems(lamp, us, { ms: 0, counter: 0, origin: us }).offers);
    }
  });

  describe("on the real engine", () => {
    let dynamo: Awaited<ReturnType<typeof startDynamo>>;
    beforeAll(async () => {
      dynamo = await startDynamo({ regions: ["us-east-1"], tables: testTables });
    });
    afterAll(async () => {
      await dynamo.close();
    });

    test("behaves the same", async () => {
      const items = createDynamoItems({
        client: testDynamoClient(dynamo.endpoint, "us-east-1"),
        tableNames: testTableNames,
        origin: us,
      });
      await items.put("Catalog", catalog, []);
      const put = (item: StoredItem) => items.put("Catalog", item, []);
      expect(await race(items, { ...catalog, ...edit(us, 2, { title: "New" }) }, put)).toEqual(
        ok("up-to-date"),
      );
      expect(await served({ items })).toEqual({ title: "New", version: "us-east-1#1:2" });
      expect(await items.queryPartition("Catalog", productPartition(lamp.id))).toMatchObject({ ok: true });
      const page = await items.queryIndex("byCategory", { value: "home", limit: 5 });
      expect(page.ok && page.value.map((item) => item["title"])).toEqual(["New"]);
    });
  });
});
