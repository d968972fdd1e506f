import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeWorldState } from "../world/state-file.ts";
import { type Ask, createAsk } from "./ask-world.ts";

let root = "";
let server: Server;
let ask: Ask;
const statusOf: Readonly<Record<string, number>> = { "/words": 400, "/gone": 404 };

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "antipode-ask-"));
  ask = createAsk(root);
  server = createServer((request, response) => {
    const { method, url = "", headers } = request;
    response.writeHead(statusOf[url] ?? 200);
    response.end(JSON.stringify({ error: `no ${url}`, method, type: headers["content-type"] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

const remember = () => {
  const { port } = server.address() as AddressInfo;
  writeWorldState(root, { pid: process.pid, control: `http://127.0.0.1:${port}` });
};

test("the running world answers, and says when it is the words that are wrong", async () => {
  remember();
  expect(await ask("/status")).toMatchObject({ ok: true, value: { method: "GET" } });
  expect(await ask("/faults", {})).toMatchObject({
    ok: true,
    value: { method: "POST", type: "application/json" },
  });
  expect(await ask("/words", {})).toEqual({ ok: false, error: { usage: true, text: "no /words" } });
  expect(await ask("/gone", {})).toEqual({ ok: false, error: { usage: false, text: "no /gone" } });
});

test("no world is no fault of the words", async () => {
  const none = (text: RegExp) => ({ ok: false, error: { usage: false, text: expect.stringMatching(text) } });
  expect(await ask("/status")).toEqual(none(/^no world is running: start one with "npm run local"$/));
  remember();
  await new Promise((resolve) => server.close(resolve));
  expect(await ask("/status")).toEqual(none(/^no world answers at http:[^ ]+: start one/));
});
