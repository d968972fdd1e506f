import { type err, ok } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { createKept } from "../platform/kept.ts";
import { createTestApi } from "../testing/test-world.ts";

describe("every answer", () => {
  test.each(["/v1/regions", "/nowhere", "/v1/products/x", "/v1/carts"])(
    "of %s says who served it and its id",
    async (path) => {
      const api = createTestApi("ap-east-1");
      const response = await api.app.request(path);
      expect(response.headers.get("served-by")).toBe("ap-east-1");
      expect(response.headers.get("request-id")).toMatch(/^[0-9A-Z]{26}$/);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-expose-headers")).toMatch(
        /^Consistency, ETag, .*Preference-Applied/,
      );
    },
  );

  test("carries API Gateway's request id where there is one, into the log too", async () => {
    const api = createTestApi();
    const env = { requestContext: { requestId: "JKJaXmPLvHcESHA=" } };
    const headers = { "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1" };
    const response = await api.app.request("/nowhere", { headers }, env);
    expect(response.headers.get("request-id")).toBe("JKJaXmPLvHcESHA=");
    expect(await response.json()).toMatchObject({ instance: "JKJaXmPLvHcESHA=" });
    expect(api.log.entries).toContainEqual(
      expect.objectContaining({
        message: "served",
        requestId: "JKJaXmPLvHcESHA=",
        traceId: "1-5759e988-bd862e3fe1be46a994272793",
        status: 404,
      }),
    );
  });

  test("to a HEAD is a GET's without its body", async () => {
    const response = await createTestApi().app.request("/v1/regions", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("an address near the page's", () => {
  test.each(["/", "/docs/"])("%s leads to it", async (path) => {
    const { app } = createTestApi();
    for (const method of ["GET", "HEAD"]) {
      const response = await app.request(path, { method });
      expect([response.status, response.headers.get("location")]).toEqual([308, "/docs"]);
      expect(response.headers.get("served-by")).toBe("us-east-1");
    }
    expect((await app.request(path, { method: "POST" })).status).toBe(404);
  });
});

describe("a path or method that does not exist", () => {
  test.each([
    "/docs",
    "/docs/a",
    "/v1",
    "/v1/products/",
    "/v1/products/a/b",
    "/v2/products",
    "/v1/carts/a/lines/b/c",
    "/v1/carts/a/lines/",
    "/health/",
  ])("%s is a problem", async (path) => {
    const response = await createTestApi().app.request(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: "urn:antipode:problem:not-found", status: 404 });
  });

  test.each([
    ["DELETE", "/v1/products", "GET, HEAD, OPTIONS, POST"],
    ["GET", "/v1/carts", "OPTIONS, POST"],
    ["HEAD", "/v1/carts", "OPTIONS, POST"],
    ["PUT", "/v1/carts/a", "GET, HEAD, OPTIONS"],
    ["GET", "/v1/carts/a/lines", "OPTIONS, POST"],
    ["GET", "/v1/carts/a/lines/b", "DELETE, OPTIONS, PUT"],
    ["POST", "/v1/carts/a/lines/b", "DELETE, OPTIONS, PUT"],
    ["HEAD", "/v1/carts/a/merge", "OPTIONS, POST"],
    ["GET", "/v1/sessions", "OPTIONS, POST"],
    ["POST", "/v1/conflicts", "GET, HEAD, OPTIONS"],
    // whose GET is the Health function's, and nothing else of theirs
    ["POST", "/health", "GET, OPTIONS"],
    ["HEAD", "/ramped", "GET, OPTIONS"],
    ["PUT", "/drain-votes/eu-west-1", "GET, OPTIONS"],
  ])("%s %s is a problem that says what is allowed", async (method, path, allow) => {
    const response = await createTestApi().app.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
  });

  test("a preflight is answered for paths that exist only", async () => {
    const { app } = createTestApi();
    const response = await app.request("/v1/carts/a/lines", { method: "OPTIONS" });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-methods")).toBe("OPTIONS, POST");
    expect(response.headers.get("access-control-allow-headers")).toMatch(/Idempotency-Key, If-Match/);
    const line = await app.request("/v1/carts/a/lines/b", { method: "OPTIONS" });
    expect(line.headers.get("access-control-allow-methods")).toBe("DELETE, OPTIONS, PUT");
    expect((await app.request("/nowhere", { method: "OPTIONS" })).status).toBe(404);
  });
});

describe("a body", () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    createTestApi().app.request("/v1/carts", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });

  test.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number, string]>([
    ["that is not JSON", "{", {}, 400, "malformed-request"],
    ["that is not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), {}, 400, "malformed-request"],
    ["of another type", "{}", { "Content-Type": "text/plain" }, 415, "unsupported-media-type"],
    ["of a field nobody knows", '{"coupon":1}', {}, 422, "invalid-body"],
    ["of a prototype", '{"__proto__":{"a":1}}', {}, 422, "invalid-body"],
    ["of 16 KiB and a byte", `"${"x".repeat(16 * 1024 - 1)}"`, {}, 413, "body-too-large"],
    ["that claims to be large", "{}", { "Content-Length": "16385" }, 413, "body-too-large"],
  ])("%s is refused", async (_what, body, headers, status, name) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: `urn:antipode:problem:${name}` });
  });

  test("of 16 KiB is read, and may say its charset", async () => {
    const body = `{${" ".repeat(16 * 1024 - 2)}}`;
    expect((await post(body, { "Content-Type": "application/json; charset=utf-8" })).status).toBe(201);
  });
});

test("the regions are listed with their own addresses", async () => {
  const response = await createTestApi("eu-west-1").app.request("/v1/regions");
  expect(await response.json()).toMatchObject({
    servedBy: "eu-west-1",
    regions: [
      { name: "us-east-1", origin: "us-east-1#1", url: "https://us-east-1.shop.example" },
      { name: "eu-west-1" },
      { name: "ap-south-1" },
      { name: "ap-east-1" },
    ],
  });
});

test("a bug is a problem without details, and the details are in the log", async () => {
  const { deployment } = createTestApi();
  const api = createTestApi("us-east-1", {
    deployment: {
      ...deployment,
      get domain(): string {
        throw new Error("secret");
      },
    },
  });
  const response = await api.app.request("/v1/regions");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/secret/);
  expect(response.headers.get("served-by")).toBe("us-east-1");
  expect(api.log.entries).toContainEqual(
    expect.objectContaining({ level: "error", error: new Error("secret") }),
  );
});

describe.each([
  ["/health", "health"],
  ["/ready", "app"],
] as const)("%s", (path, serving) => {
  test("touches the tables at most every five seconds", async () => {
    const api = createTestApi();
    expect((await api[serving].request(path)).status).toBe(200);
    api.clock.advance(4_999);
    api.items.failNext("GetItem", { type: "unavailable", operation: "", reason: "" }, { times: 2 });
    expect((await api[serving].request(path)).status).toBe(200);
    const touched = api.items.operations.filter((operation) => !operation.endsWith(" Control"));
    expect(touched).toEqual(["GetItem Views", "GetItem Carts", "Query Catalog"]);
    api.clock.advance(1);
    const down = await api[serving].request(path);
    expect(down.status).toBe(503);
    expect(await down.json()).toMatchObject({ type: "urn:antipode:problem:not-ready" });
    api.clock.advance(5_000);
    expect((await api[serving].request(path)).status).toBe(200);
  });

  test.each(["GetItem Views", "GetItem Carts", "Query Catalog"])("is down with %s", async (operation) => {
    const api = createTestApi();
    api.items.failNext(operation, { type: "unavailable", operation, reason: "away" });
    expect((await api[serving].request(path)).status).toBe(503);
  });

  test("does not wait for a table that hangs", async () => {
    const { items } = createTestApi();
    const api = createTestApi("us-east-1", {
      items: { ...items, get: () => new Promise(() => {}) },
      delay: async () => {},
    });
    expect((await api[serving].request(path)).status).toBe(503);
  });
});

describe("readiness", () => {
  test("asks once for many who wait, is bounded, and keeps what came late", async () => {
    const answers: ((answer: ReturnType<typeof ok> | ReturnType<typeof err<string>>) => void)[] = [];
    let ringing: (() => void)[] = [];
    const readiness = createKept<unknown>({
      read: () => new Promise((resolve) => answers.push(resolve)),
      clock: { nowMs: () => 0 },
      delay: () => new Promise((resolve) => ringing.push(resolve)),
    });
    const waiting = [readiness(10), readiness(10)];
    expect(answers).toHaveLength(1);
    for (const ring of ringing.splice(0)) {
      ring();
    }
    expect((await Promise.all(waiting)).map(({ ok: fine }) => fine)).toEqual([false, false]);
    answers[0]?.(ok(undefined));
    await new Promise((resolve) => setImmediate(resolve));
    ringing = [];
    expect((await readiness(10)).ok).toBe(true);
    expect(answers).toHaveLength(1);
  });

  test("takes a check that throws for a region that is not ready, and asks again later", async () => {
    let nowMs = 0;
    let fine = false;
    const readiness = createKept<unknown>({
      read: async () => {
        if (!fine) {
          throw new Error("bug");
        }
        return ok(undefined);
      },
      clock: { nowMs: () => nowMs },
      delay: () => new Promise(() => {}),
    });
    expect(await readiness(10)).toEqual({ ok: false, error: { reason: "Error: bug" } });
    fine = true;
    nowMs = -5_000; // a clock that was set back
    expect((await readiness(10)).ok).toBe(true);
  });
});
