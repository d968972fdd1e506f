import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLookAt } from "./look-at.ts";

let server: Server;
let url: string;
let answer: (path: string) => { readonly status: number; readonly body?: string; readonly cut?: boolean };

beforeEach(async () => {
  server = createServer((request, response) => {
    const { status, body = "", cut = false } = answer(request.url ?? "");
    response.writeHead(status, cut ? { "Content-Length": 100 } : {});
    if (cut) {
      response.write("{", () => response.destroy());
    } else {
      response.end(body);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const look = (to = url) => {
  let nowMs = 0;
  const tick = () => {
    nowMs += 40;
    return nowMs;
  };
  return createLookAt({ urlOf: (region) => `${to}/${region}`, fetch, nowMs: tick })("eu-west-1");
};

test("asks the region's own address, and takes 200 alone for well", async () => {
  const asked: string[] = [];
  answer = (path) => {
    asked.push(path);
    return { status: 200, body: "{}" };
  };
  expect(await look()).toEqual({ type: "well", latencyMs: 40 });
  expect(asked).toEqual(["/eu-west-1/ready"]);
  for (const status of [204, 404, 429, 500, 503]) {
    answer = () => ({ status });
    expect(await look()).toEqual({ type: "failed", reason: `status ${status}` });
  }
});

test("follows no redirect: whoever answers instead is another one", async () => {
  answer = () => ({ status: 308 });
  expect(await look()).toMatchObject({ type: "failed" });
});

test("takes an answer that breaks off for none", async () => {
  answer = () => ({ status: 200, cut: true });
  expect(await look()).toMatchObject({ type: "failed" });
});

test("says why there is no answer", async () => {
  server.close();
  server.closeAllConnections();
  expect(await look()).toEqual({ type: "failed", reason: "ECONNREFUSED" });
});

test("waits four seconds and no longer", async () => {
  let waits = 0;
  const lookAt = createLookAt({
    urlOf: () => "http://region.invalid",
    fetch: (_url, init) => {
      waits += 1;
      expect(init?.signal).toBeInstanceOf(AbortSignal);
      return Promise.reject(new DOMException("timed out", "TimeoutError"));
    },
    nowMs: () => 0,
  });
  expect(await lookAt("eu-west-1")).toEqual({ type: "failed", reason: "no answer within 4000 ms" });
  expect(waits).toBe(1);
});
