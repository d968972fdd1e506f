import { conflictToItem, descriptionCharsMax } from "@antipode/core";
import { productId } from "@antipode/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { eu, lamp, lampItem, nextItem, priceOfLamp, us, viewOf } from "../testing/catalog.ts";
import { answerBytes, answerBytesMax } from "../testing/lambda-answer.ts";
import { feedOf, newOperation, operate } from "../testing/operator.ts";
import { expectProblem, openCart } from "../testing/shopper.ts";
import { createTestApi, startMs, type TestApi } from "../testing/test-world.ts";
import { conflictPageSchema } from "./routes/conflicts/contract.ts";

let api: TestApi;

/** A conflict of two prices, each made later than those before. */
function conflictItem(number: number) {
  const [conflict] = viewOf([
    lampItem,
    nextItem([lampItem], us, { [priceOfLamp]: 1_000 + number }),
    nextItem([lampItem], eu, { [priceOfLamp]: 2_000 + number }),
  ]).conflicts;
  if (conflict === undefined) throw new Error("no conflict");
  return conflictToItem(lamp.id, conflict, startMs);
}

beforeEach(() => {
  api = createTestApi();
});

describe("the conflict feed", () => {
  test("shows both sides of a conflict, newest conflict first", async () => {
    api.items.load("Conflicts", [conflictItem(1), conflictItem(2)]);
    const { items, next } = await feedOf(api);
    expect(next).toBeNull();
    expect(items.map(({ values }) => values.map(({ value }) => value))).toEqual([
      [2_002, 1_002],
      [2_001, 1_001],
    ]);
    expect(items[0]).toEqual({
      id: "price#LAMP#EUR@eu-west-1#1:1;us-east-1#1:2",
      field: "price",
      sku: "LAMP",
      currency: "EUR",
      product: "desk-lamp",
      seenAt: new Date(startMs).toISOString(),
      values: [
        {
          value: 2_002,
          origin: "eu-west-1#1",
          stamp: expect.stringMatching(/^[0-9]{15}-[0-9]{5}-eu-west-1#1$/),
          clock: { "eu-west-1#1": 1, "us-east-1#1": 1 },
          at: expect.stringMatching(/Z$/),
          operationId: expect.any(String),
          served: false,
        },
        expect.objectContaining({ value: 1_002, clock: { "us-east-1#1": 2 }, served: true }),
      ],
    });
  });

  test.each([1, 2, 3, 7, 100])("in pages of %i shows each once", async (limit) => {
    const conflicts = Array.from({ length: 7 }, (_, number) => conflictItem(number));
    api.items.load("Conflicts", conflicts);
    const seen: unknown[] = [];
    let query = `?limit=${limit}`;
    for (;;) {
      const { items, next } = await feedOf(api, query);
      expect(items.length).toBeLessThanOrEqual(limit);
      seen.push(...items.map(({ values }) => values[0]?.value));
      if (next === null) break;
      expect(items.length).toBe(limit);
      query = `?limit=${limit}&cursor=${next}`;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((number) => 2_000 + number));
  });

  test("goes on behind a cursor of another region, and behind an entry that is over", async () => {
    const conflicts = [1, 2, 3].map(conflictItem);
    const other = createTestApi("eu-west-1");
    api.items.load("Conflicts", conflicts);
    other.items.load("Conflicts", conflicts.slice(0, 1));
    const { next } = await feedOf(api, "?limit=2");
    expect(Buffer.from(next ?? "", "base64url").toString()).toBe(conflicts[1]?.sk);
    const rest = await feedOf(other, `?limit=2&cursor=${next}`);
    expect(rest.items.map(({ values }) => values[0]?.value)).toEqual([2_001]);
    expect(rest.next).toBeNull();
  });

  test.each([
    ["of what has no stamp", Buffer.from("yesterday#1#desk-lamp").toString("base64url")],
    ["spelt otherwise", `${Buffer.from(conflictItem(1).sk).toString("base64url")}=`],
  ])("refuses a cursor %s", async (_what, cursor) => {
    const response = await operate(api, "GET", `/v1/conflicts?cursor=${cursor}`);
    await expectProblem(response, 400, "malformed-request");
  });

  test("ends a page before Lambda would refuse it", async () => {
    const long = (first: string) => first + "灯".repeat(descriptionCharsMax - 1);
    const items = Array.from({ length: 100 }, (_, number) => {
      const [conflict] = viewOf([
        lampItem,
        nextItem([lampItem], us, { description: long("甲") }),
        nextItem([lampItem], eu, { description: long("乙") }),
      ]).conflicts;
      if (conflict === undefined) throw new Error("no conflict");
      return conflictToItem(productId(`lamp-${number}`), conflict, startMs);
    });
    api.items.load("Conflicts", items);
    const seen: string[] = [];
    let pages = 0;
    for (let query: string | null = "?limit=100"; query !== null; pages += 1) {
      const response = await operate(api, "GET", `/v1/conflicts${query}`);
      const text = await response.text();
      expect(answerBytes(text)).toBeLessThan(answerBytesMax);
      const { items: page, next } = conflictPageSchema.parse(JSON.parse(text));
      seen.push(...page.map(({ product }) => product));
      query = next === null ? null : `?limit=100&cursor=${next}`;
    }
    expect(new Set(seen).size).toBe(100);
    expect([seen.length, pages]).toEqual([100, 2]);
  });

  test("of a region without conflicts is empty", async () => {
    expect(await feedOf(api)).toEqual({ items: [], next: null });
  });

  test("leaves out an entry that cannot be read, says so in the log, and goes on behind it", async () => {
    const [older, bad] = [conflictItem(1), conflictItem(2)];
    api.items.load("Conflicts", [older, { ...bad, siblings: [] }]);
    const first = await feedOf(api, "?limit=1");
    expect(first.items).toEqual([]);
    expect((await feedOf(api, `?limit=1&cursor=${first.next}`)).items).toHaveLength(1);
    expect(api.log.entries).toContainEqual(
      expect.objectContaining({ level: "error", message: "conflict left out of the feed" }),
    );
  });

  test.each(["limit=0", "limit=101", "cursor=nowhere", "cursor=", "since=today"])(
    "with ?%s is refused",
    async (query) => {
      await expectProblem(await operate(api, "GET", `/v1/conflicts?${query}`), 400, "malformed-request");
    },
  );

  test("is for operators, and for no cache", async () => {
    await expectProblem(await api.app.request("/v1/conflicts"), 401, "unauthenticated");
    const { token } = await openCart(api);
    const headers = { Authorization: `Bearer ${token}` };
    await expectProblem(await api.app.request("/v1/conflicts", { headers }), 403, "admin-scope-needed");
    const response = await operate(api, "GET", "/v1/conflicts", undefined, {
      "Idempotency-Key": newOperation(api),
    });
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  test("fails with its table", async () => {
    api.items.failNext("Query Conflicts", { type: "unavailable", operation: "Query", reason: "away" });
    await expectProblem(await operate(api, "GET", "/v1/conflicts"), 503, "unavailable");
  });
});
