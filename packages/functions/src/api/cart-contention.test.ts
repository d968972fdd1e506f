import { createFakeItems, type FakeItems, origin, ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import {
  add,
  expectProblem,
  linesOf,
  mergeGuest,
  openCart,
  read,
  removeLine,
  setQuantity,
} from "../testing/shopper.ts";
import { createTestApi, startMs, type TestApi } from "../testing/test-world.ts";

const lamp = "LAMP-BLACK";

/** A region in which that many readers of a cart wait for each other: all have read before the first writes. */
function createCrowdedApi(readers: number): TestApi {
  const items: FakeItems = createFakeItems(origin("us-east-1#1"));
  let open = () => {};
  const allRead = new Promise<void>((resolve) => {
    open = resolve;
  });
  let arrived = 0;
  const crowded: FakeItems = {
    ...items,
    async queryPartition(table, pk) {
      const answer = await items.queryPartition(table, pk);
      arrived += 1;
      if (arrived === readers) {
        open();
      }
      await allRead;
      return answer;
    },
  };
  return { ...createTestApi("us-east-1", { items: crowded }), items };
}

/** Sends until it is not contended, as a client does; the count is of refusals. */
async function insist(send: () => Promise<Response>): Promise<{ response: Response; refused: number }> {
  for (let refused = 0; refused < 10; refused += 1) {
    const response = await send();
    if (response.status !== 409) {
      return { response, refused };
    }
    await expectProblem(response, 409, "contended");
  }
  throw new Error("contended ten times");
}

const keyOf = (number: number) => ulidAt(startMs, 5_000 + number);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("devices on one cart at once", () => {
  test("four need no second try of the client: a refused write brings what the next plan needs", async () => {
    const api = createCrowdedApi(4);
    const cart = await openCart(api);
    const answers = await Promise.all(
      upTo(4).map((number) => setQuantity(api, cart, `SKU-${number}`, number, { key: keyOf(number) })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(api.items.operations.filter((operation) => operation === "Query Carts")).toHaveLength(4);
    expect(await linesOf(await read(api, cart))).toHaveLength(4);
  });

  test("eight, each setting another line, lose nothing and write once each", async () => {
    const api = createCrowdedApi(8);
    const cart = await openCart(api);
    const answers = await Promise.all(
      upTo(8).map((number) =>
        insist(() => setQuantity(api, cart, `SKU-${number}`, number, { key: keyOf(number) })),
      ),
    );
    expect(answers.some(({ refused }) => refused > 0)).toBe(true); // or they did not meet
    const after = await read(api, cart);
    expect(await linesOf(after)).toEqual(
      upTo(8).map((number) => ({ sku: `SKU-${number}`, quantity: number })),
    );
    expect(after.headers.get("etag")).toBe('"us-east-1#1:8"');
    for (const [index, { response }] of answers.entries()) {
      expect(await linesOf(response)).toContainEqual({ sku: `SKU-${index + 1}`, quantity: index + 1 });
    }
  });

  test("eight setting one line leave the quantity that was written last", async () => {
    const api = createCrowdedApi(8);
    const cart = await openCart(api);
    const done: number[] = [];
    await Promise.all(
      upTo(8).map(async (number) => {
        await insist(() => setQuantity(api, cart, lamp, number, { key: keyOf(number) }));
        done.push(number);
      }),
    );
    expect(await linesOf(await read(api, cart))).toEqual([{ sku: lamp, quantity: done.at(-1) }]);
  });

  test("eight removing one line are all told that it is gone", async () => {
    const api = createCrowdedApi(1 + 8);
    const cart = await openCart(api);
    const [added, ...removed] = await Promise.all([
      add(api, cart, { quantity: 3 }),
      ...upTo(8).map((number) => insist(() => removeLine(api, cart, lamp, { key: keyOf(number) }))),
    ]);
    expect(added?.status).toBe(200);
    for (const { response } of removed) {
      expect(await linesOf(response)).toEqual([]);
    }
  });

  test("adds that a set had not seen are on top of it", async () => {
    const api = createCrowdedApi(1 + 7);
    const cart = await openCart(api);
    const [set, ...added] = await Promise.all([
      insist(() => setQuantity(api, cart, lamp, 10, { key: keyOf(0) })),
      ...upTo(7).map((number) => add(api, cart, {}, keyOf(number))),
    ]);
    expect([set.response.status, ...added.map(({ status }) => status)]).toEqual(Array(8).fill(200));
    const [line] = await linesOf(await read(api, cart));
    expect(line?.quantity).toBeGreaterThanOrEqual(10);
    expect(line?.quantity).toBeLessThanOrEqual(17);
  });

  test("a merge of many writes goes on between adds", async () => {
    const api = createCrowdedApi(1);
    const [cart, guest] = [await openCart(api), await openCart(api)];
    for (const number of upTo(230)) {
      await add(api, guest, {}, ulidAt(startMs, 20_000 + number));
    }
    const [merged, ...added] = await Promise.all([
      mergeGuest(api, cart, guest, { key: keyOf(0) }),
      ...upTo(4).map((number) => add(api, cart, {}, keyOf(number))),
    ]);
    expect([merged?.status, ...added.map(({ status }) => status)]).toEqual([200, 200, 200, 200, 200]);
    expect(await linesOf(await read(api, cart))).toEqual([{ sku: lamp, quantity: 234 }]);
  });
});
