import { type StorageError, votesToItem } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { keptAgeMaxMs } from "../platform/kept.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestApi, startMs, type TestApi } from "../testing/test-world.ts";
import { closedBy, votesOf } from "../testing/votes-of.ts";
import { unsureMaxMs } from "./own-votes.ts";

const throttled: StorageError = { type: "throttled", operation: "" };
const away: StorageError = { type: "unavailable", operation: "", reason: "away" };
const longTime = { times: 1_000 };

let api: TestApi;
beforeEach(() => {
  api = createTestApi();
});

const get = (path: string, of = api) => of.health.request(path);
const errors = () => api.log.entries.filter(({ level }) => level === "error");
const close = () => api.items.load("Control", [votesToItem(closedBy(api))]);

describe("the Health function", () => {
  test("has its own paths and none of the shop's", async () => {
    for (const path of ["/ready", "/v1/products", "/v1/regions", "/", "/docs/"]) {
      await expectProblem(await get(path), 404, "not-found");
    }
    for (const path of ["/health", "/ramped", "/drain-votes/eu-west-1"]) {
      expect((await api.app.request(path)).status, path).toBe(405);
    }
  });

  test("answers as the shop's functions do: who serves, which request, and what a path takes", async () => {
    const answer = await get("/health");
    expect(await answer.json()).toEqual({ status: "ready", region: "us-east-1" });
    expect(answer.headers.get("served-by")).toBe("us-east-1");
    expect(answer.headers.get("request-id")).toMatch(/^[0-9A-Z]{26}$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(api.log.entries).toContainEqual(
      expect.objectContaining({ message: "served", method: "GET", path: "/health", status: 200 }),
    );
    expect((await api.health.request("/health", { method: "HEAD" })).status).toBe(200);
    const refused = await api.health.request("/ramped", { method: "POST" });
    await expectProblem(refused, 405, "method-not-allowed");
    expect(refused.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    await expectProblem(await get("/health?deep=1"), 400, "malformed-request");
    expect((await api.health.request("/health", { headers: { Authorization: "Bearer x" } })).status).toBe(
      200,
    );
  });

  test("reads of Control one item, at most every five seconds for all its paths", async () => {
    const ofControl = () => api.items.operations.filter((operation) => operation.endsWith(" Control"));
    for (const path of ["/health", "/ramped", "/drain-votes/eu-west-1", "/health"]) {
      await get(path);
    }
    expect(ofControl()).toEqual(["GetItem Control"]);
    api.clock.advance(keptAgeMaxMs);
    await get("/ramped");
    expect(ofControl()).toEqual(["GetItem Control", "GetItem Control"]);
  });
});

describe("a table that is busy", () => {
  test.each(["GetItem Views", "GetItem Carts", "Query Catalog"])(
    "(%s) closes no region by itself, though the region is not ready for probers",
    async (operation) => {
      api.items.failNext(operation, throttled, { times: 2 });
      expect((await get("/health")).status).toBe(200);
      await expectProblem(await api.app.request("/ready"), 503, "not-ready");
    },
  );

  test("does not hide one that is away", async () => {
    api.items.failNext("GetItem Views", throttled);
    api.items.failNext("GetItem Carts", away);
    await expectProblem(await get("/health"), 503, "not-ready");
  });
});

describe("an instance that has read nothing of Control", () => {
  test.each([
    ["throttled", throttled],
    ["away", away],
  ])(
    "is not ready while it is %s, for some seconds, and then is: it says nothing of its region",
    async (_, error) => {
      api.items.failNext("GetItem Control", error, longTime);
      await expectProblem(await get("/health"), 503, "not-ready");
      api.clock.advance(unsureMaxMs - 1);
      await expectProblem(await get("/health"), 503, "not-ready");
      api.clock.advance(1);
      expect((await get("/health")).status).toBe(200);
      expect(errors()).toEqual([]);
    },
  );

  test("never fails a checker three times in a row for it", async () => {
    const intervalMs = 10_000;
    api.items.failNext("GetItem Control", away, longTime);
    const statuses: number[] = [];
    for (let look = 0; look < 3; look += 1) {
      statuses.push((await get("/health")).status);
      api.clock.advance(intervalMs);
    }
    expect(statuses).toEqual([503, 503, 200]);
  });

  test("counts from when it is first asked, however long before it was started", async () => {
    api.clock.advance(3_600_000);
    api.items.failNext("GetItem Control", away, longTime);
    expect((await get("/health")).status).toBe(503);
  });

  test("is sure as soon as it has read, be it that there is nothing", async () => {
    api.items.failNext("GetItem Control", away);
    expect((await get("/health")).status).toBe(503);
    api.clock.advance(keptAgeMaxMs);
    expect((await get("/health")).status).toBe(200);
    api.items.failNext("GetItem Control", away, longTime);
    api.clock.advance(keptAgeMaxMs);
    expect((await get("/health")).status).toBe(200); // what was known stands
  });

  test("does not open a region that an operator closed before it knows", async () => {
    close();
    api.items.failNext("GetItem Control", throttled);
    await expectProblem(await get("/health"), 503, "not-ready");
    api.clock.advance(keptAgeMaxMs);
    await expectProblem(await get("/health"), 503, "drained");
    api.items.failNext("GetItem Control", away, longTime);
    api.clock.advance(10 * unsureMaxMs);
    await expectProblem(await get("/health"), 503, "drained");
  });

  test("waits for it a second and no longer", async () => {
    const waited: number[] = [];
    const { items } = createTestApi();
    const hanging = createTestApi("us-east-1", {
      items: {
        ...items,
        get: (table, key) => (table === "Control" ? new Promise(() => {}) : items.get(table, key)),
      },
      delay: async (ms) => {
        waited.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    await expectProblem(await get("/health", hanging), 503, "not-ready");
    hanging.clock.advance(unsureMaxMs);
    expect((await get("/health", hanging)).status).toBe(200);
    expect(Math.max(...waited)).toBe(1_000);
  });

  test("votes against nobody, and spares its region no shoppers", async () => {
    const votes = { ...votesOf(api), ramp: { phase: "returning" as const, sinceMs: startMs } };
    api.items.load("Control", [votesToItem(votes)]);
    api.items.failNext("GetItem Control", away, longTime);
    await expectProblem(await get("/drain-votes/eu-west-1"), 404, "no-vote");
    expect((await get("/ramped")).status).toBe(200);
  });

  test("that cannot understand what it reads goes by the same", async () => {
    api.items.load("Control", [{ ...votesToItem(votesOf(api)), closing: "what" }]);
    expect((await get("/health")).status).toBe(503);
    api.clock.advance(unsureMaxMs);
    expect((await get("/health")).status).toBe(200);
  });
});
