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
