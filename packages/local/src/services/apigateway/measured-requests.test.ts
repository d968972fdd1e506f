import { afterEach, expect, test } from "vitest";
import { createWallScheduler } from "../../links/scheduler.ts";
import { createHttpApi, type HttpApi, type MeasuredRequest } from "./http-api.ts";

let api: HttpApi;
afterEach(() => api.close());

test("each answered request is reported with its route, its status and how long it and its function took", async () => {
  const measured: MeasuredRequest[] = [];
  let nowMs = 1_000;
  api = await createHttpApi({
    api: { apiId: "abc", routes: [{ routeKey: "GET /health", functionArn: "arn:health" }] },
    region: "eu-west-1",
    links: { cross: async () => {} },
    clock: { now: () => nowMs },
    scheduler: { ...createWallScheduler(), now: () => nowMs },
    async invoke() {
      nowMs += 40;
      return { requestId: "r", payload: JSON.stringify({ statusCode: 503 }), logTail: "" };
    },
    onRequest: (request) => measured.push(request),
  });
  expect((await fetch(`${api.url}/health`)).status).toBe(503);
  expect((await fetch(`${api.url}/nowhere`)).status).toBe(404);
  expect(measured).toEqual([
    { routeKey: "GET /health", status: 503, latencyMs: 40, integrationLatencyMs: 40 },
    { status: 404, latencyMs: 0 },
  ]);
});

test("trouble that is made for a path takes its time, and fails in the function's place, as a 5xx of the route", async () => {
  const measured: MeasuredRequest[] = [];
  const wall = createWallScheduler();
  let nowMs = 1_000;
  let invocations = 0;
  api = await createHttpApi({
    api: { apiId: "abc", routes: [{ routeKey: "$default", functionArn: "arn:shop" }] },
    region: "eu-west-1",
    links: { cross: async () => {} },
    clock: { now: () => nowMs },
    scheduler: {
      now: () => nowMs,
      after(delayMs, run) {
        if (delayMs !== 5_000) return wall.after(delayMs, run);
        nowMs += delayMs;
        return wall.after(0, run);
      },
    },
    async invoke() {
      invocations += 1;
      return { requestId: "r", payload: JSON.stringify({ statusCode: 200 }), logTail: "" };
    },
    onRequest: (request) => measured.push(request),
    trouble: (path) => ({ delayMs: path === "/slow" ? 5_000 : 0, fails: path === "/broken" }),
  });
  const statuses = [];
  for (const path of ["/well", "/slow", "/broken"]) statuses.push((await fetch(`${api.url}${path}`)).status);
  expect([statuses, invocations]).toEqual([[200, 200, 500], 2]);
  const common = { routeKey: "$default" };
  expect(measured).toEqual([
    { ...common, status: 200, latencyMs: 0, integrationLatencyMs: 0 },
    { ...common, status: 200, latencyMs: 5_000, integrationLatencyMs: 5_000 },
    { ...common, status: 500, latencyMs: 0, integrationLatencyMs: 0 },
  ]);
});
