import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Links } from "../../links/links.ts";
import { LinkError } from "../../links/links.ts";
import { createWallScheduler, sleep } from "../../links/scheduler.ts";
import type { InvokeResult } from "../lambda/definition.ts";
import { AwsError } from "../service.ts";
import type { HttpApiEvent } from "./event.ts";
import type { HttpApi, HttpApiOptions } from "./http-api.ts";
import { createHttpApi } from "./http-api.ts";

const region = "eu-west-1";
const startMs = Date.UTC(2026, 0, 1);
let api: HttpApi;
let nowMs: number;
let crossings: string[];
let lostOn: string | undefined;
let calls: { functionArn: string; event: HttpApiEvent }[];
let answer: (event: HttpApiEvent) => Promise<InvokeResult>;

const links: Links = {
  async cross(from, to) {
    crossings.push(`${from} → ${to}`);
    if (lostOn === `${from} → ${to}`) throw new LinkError(from, to, "lost");
  },
};

const result = (value: unknown, more: Partial<InvokeResult> = {}): InvokeResult => ({
  requestId: "r",
  payload: JSON.stringify(value),
  logTail: "",
  ...more,
});

async function open(more: Partial<HttpApiOptions> = {}): Promise<void> {
  await api?.close();
  api = await createHttpApi({
    api: { apiId: "abc", routes: [{ routeKey: "$default", functionArn: "arn:api" }] },
    region,
    links,
    clock: { now: () => nowMs },
    scheduler: createWallScheduler(),
    invoke(functionArn, payload) {
      const event: HttpApiEvent = JSON.parse(payload);
      calls.push({ functionArn, event });
      return answer(event);
    },
    ...more,
  });
}

beforeEach(async () => {
  [crossings, calls, lostOn, nowMs] = [[], [], undefined, startMs];
  answer = async () => result({ statusCode: 200, headers: { "x-a": "1" }, body: "ok" });
  await open();
});
afterEach(() => api.close());

describe("a call", () => {
  test("comes from outside, reaches the function of its route, and goes back outside", async () => {
    const response = await fetch(`${api.url}/v1/products?limit=2`, { headers: { cookie: "a=1" } });
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
    expect(response.headers.get("x-a")).toBe("1");
    expect(response.headers.get("apigw-requestid")).toBe(calls[0]?.event.requestContext.requestId);
    expect(crossings).toEqual(["outside → eu-west-1", "eu-west-1 → outside"]);
    expect(calls).toMatchObject([
      {
        functionArn: "arn:api",
        event: { rawPath: "/v1/products", rawQueryString: "limit=2", cookies: ["a=1"] },
      },
    ]);
    expect(calls[0]?.event.requestContext).toMatchObject({
      timeEpoch: startMs,
      http: { method: "GET", sourceIp: "127.0.0.1" },
    });
  });

  test("may carry bytes both ways, and several cookies back", async () => {
    answer = async (event) =>
      result({
        statusCode: 200,
        body: event.body,
        isBase64Encoded: event.isBase64Encoded,
        cookies: ["a=1", "b=2"],
      });
    const sent = Buffer.from([0, 255, 128]);
    const headers = { "content-type": "application/octet-stream" };
    const response = await fetch(api.url, { method: "POST", body: sent, headers });
    expect(Buffer.from(await response.arrayBuffer()).equals(sent)).toBe(true);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  test("by HEAD gets headers and no body", async () => {
    const response = await fetch(api.url, { method: "HEAD" });
    expect([response.headers.get("content-length"), await response.text()]).toEqual(["2", ""]);
  });

  test("may be answered without content", async () => {
    answer = async () => result({ statusCode: 204 });
    const response = await fetch(api.url);
    expect([response.status, response.headers.get("content-length")]).toEqual([204, null]);
  });
});

describe("the gateway itself answers", () => {
  const message = async (path = "/", init: RequestInit = {}) => {
    const response = await fetch(api.url + path, init);
    return [response.status, await response.json()];
  };
  const failing = (code: string) => async (): Promise<InvokeResult> => {
    throw new AwsError(code, "");
  };

  test("500 when the function fails", async () => {
    answer = async () => result({ errorMessage: "boom" }, { functionError: "Unhandled" });
    expect(await message()).toEqual([500, { message: "Internal Server Error" }]);
  });

  test("500 when the function's answer is no response, or the function cannot be called", async () => {
    answer = async () => result({ statusCode: "?" });
    expect(await message()).toEqual([500, { message: "Internal Server Error" }]);
    answer = failing("ResourceNotFoundException");
    expect(await message()).toEqual([500, { message: "Internal Server Error" }]);
  });

  test("503 when the function takes too long, or is throttled", async () => {
    await open({ timeoutMs: 30 });
    answer = () => new Promise(() => {});
    expect(await message()).toEqual([503, { message: "Service Unavailable" }]);
    answer = failing("TooManyRequestsException");
    expect(await message()).toEqual([503, { message: "Service Unavailable" }]);
  });

  test("404 when no route fits", async () => {
    await open({ api: { apiId: "abc", routes: [{ routeKey: "GET /a", functionArn: "arn:a" }] } });
    expect(await message("/b")).toEqual([404, { message: "Not Found" }]);
    expect((await fetch(`${api.url}/a`)).status).toBe(200);
  });

  test("400 when the path is not percent-encoding", async () => {
    expect(await message("/%zz")).toEqual([400, { message: "Bad Request" }]);
  });

  test("413 above 10 MiB, and when the function cannot take the payload", async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, "a");
    expect(await message("/", { method: "POST", body })).toEqual([
      413,
      { message: "Request Entity Too Large" },
    ]);
    expect(calls).toEqual([]);
    answer = failing("RequestTooLargeException");
    expect(await message()).toEqual([413, { message: "Request Entity Too Large" }]);
  });

  test("431 when request line and headers are above 10,240 bytes", async () => {
    expect((await fetch(api.url, { headers: { "x-large": "a".repeat(9_000) } })).status).toBe(200);
    expect(await message("/", { headers: { "x-large": "a".repeat(10_300) } })).toEqual([
      431,
      { message: "Request Header Fields Too Large" },
    ]);
  });
});

describe("the way to the region", () => {
  const failure = async () => {
    const error: unknown = await fetch(api.url).catch((cause: unknown) => cause);
    return error instanceof Error ? (error.cause as { code?: string })?.code : error;
  };

  test("when it loses the request, the connection breaks and the function was not called", async () => {
    lostOn = "outside → eu-west-1";
    expect(await failure()).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(calls).toHaveLength(0);
  });

  test("when it loses the answer, the connection breaks and the function was called", async () => {
    lostOn = "eu-west-1 → outside";
    expect(await failure()).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(calls).toHaveLength(1);
  });

  test("is told to the function's queue: whoever hung up wants no call, and is not counted", async () => {
    let isWanted = () => false;
    let release = (_: InvokeResult) => {};
    await open({
      invoke: (_arn, _payload, options) => {
        isWanted = options.isWanted;
        return new Promise((resolve) => {
          release = resolve;
        });
      },
    });
    const hangUp = new AbortController();
    const asking = fetch(api.url, { signal: hangUp.signal }).catch(() => "hung up");
    await expect.poll(() => isWanted()).toBe(true);
    hangUp.abort();
    expect(await asking).toBe("hung up");
    await expect.poll(() => isWanted()).toBe(false);
    release(result("late"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(api.minutes()).toEqual([]);
  });

  test("is closed while the region is down, also for calls in flight", async () => {
    answer = () => new Promise(() => {});
    const pending = failure();
    await expect.poll(() => calls.length).toBe(1);
    api.setDown(true);
    expect(await pending).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(await failure()).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    answer = async () => result("back");
    api.setDown(false);
    expect(await (await fetch(api.url)).text()).toBe("back");
  });
});

describe("CORS", () => {
  const origin = "https://shop.example.com";
  const cors = {
    allowOrigins: [origin],
    allowMethods: ["GET", "POST"],
    allowHeaders: ["etag"],
    maxAgeSeconds: 60,
  };
  const preflight = (from: string) => ({
    method: "OPTIONS",
    headers: { origin: from, "access-control-request-method": "POST" },
  });

  /** `fetch` refuses to set an origin, so this is done one level below. */
  function call(options: { method: string; headers: Record<string, string> }) {
    return new Promise<{ status: number | undefined; headers: Record<string, unknown> }>(
      (resolve, reject) => {
        const sent = request(api.url, options, (response) => {
          response.resume();
          resolve({ status: response.statusCode, headers: response.headers });
        });
        sent.on("error", reject).end();
      },
    );
  }

  beforeEach(() =>
    open({ api: { apiId: "abc", routes: [{ routeKey: "$default", functionArn: "f" }], cors } }),
  );

  test("preflights are answered by the gateway", async () => {
    expect(await call(preflight(origin))).toMatchObject({
      status: 204,
      headers: {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "etag",
        "access-control-max-age": "60",
      },
    });
    expect((await call(preflight("https://other.example"))).headers).not.toHaveProperty(
      "access-control-allow-origin",
    );
    expect(calls).toEqual([]);
  });

  test("the configured headers replace the function's", async () => {
    answer = async () =>
      result({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: "" });
    const { headers } = await call({ method: "GET", headers: { origin } });
    expect(headers["access-control-allow-origin"]).toBe(origin);
    expect((await call({ method: "GET", headers: {} })).headers).not.toHaveProperty(
      "access-control-allow-origin",
    );
  });

  test("without a configuration the function does it all", async () => {
    await open();
    answer = async () => result({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" } });
    const { headers } = await call(preflight(origin));
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(calls).toHaveLength(1);
  });
});

test("requests are counted by the minute of the region's clock", async () => {
  answer = async () => {
    await sleep(createWallScheduler(), 3); // so that there is something to measure
    return result({ statusCode: 200 });
  };
  await fetch(api.url);
  answer = async () => result({ statusCode: 404 });
  await fetch(api.url);
  nowMs += 60_000;
  answer = async () => result({}, { functionError: "Unhandled" });
  await fetch(api.url);
  expect(api.minutes()).toMatchObject([
    { minuteMs: startMs, count: 2, clientErrors: 1, serverErrors: 0 },
    { minuteMs: startMs + 60_000, count: 1, clientErrors: 0, serverErrors: 1 },
  ]);
  const [first] = api.minutes();
  expect(first?.latencySumMs).toBeGreaterThan(0);
  expect(first?.latencyMaxMs).toBeLessThanOrEqual(first?.latencySumMs ?? 0);
});

test("a port that is taken is refused", async () => {
  const busy = createHttpApi({
    api: { apiId: "b", routes: [] },
    region,
    links,
    clock: { now: () => 0 },
    scheduler: createWallScheduler(),
    invoke: async () => result(null),
    port: api.port,
  });
  await expect(busy).rejects.toMatchObject({ code: "EADDRINUSE" });
});
