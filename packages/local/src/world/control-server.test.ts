import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { err, ok } from "@antipode/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { signAdminToken } from "./admin-token.ts";
import { createControlServer } from "./control-server.ts";
import type { WorldStatus } from "./status.ts";

const applied: Fault[] = [];
const replayed: (string | undefined)[] = [];
const backfilled: (string | undefined)[] = [];
const forced: (boolean | undefined)[] = [];
const status: WorldStatus = {
  engine: "embedded",
  seed: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  now: "2026-01-01T00:00:00.000Z",
  timeScale: 1,
  memoryMb: 1,
  regions: [
    {
      region: "eu-west-1",
      up: true,
      api: "",
      endpoint: "",
      dispatchers: [],
      schedules: [],
      failedBatches: 0,
    },
  ],
  faults: [],
  replication: [],
  edges: [],
};
const keySet = JSON.stringify([{ kid: "k", secret: Buffer.alloc(32, 1).toString("base64url") }]);
let ledger: unknown;
const server = createControlServer({
  status: () => status,
  alarms: () => [],
  messages: () => [],
  apply: (fault) => {
    applied.push(fault);
    return { ok: true, said: ["now: cut"] };
  },
  replay: async (region) => {
    replayed.push(region);
    return [];
  },
  backfill: async (region, force) => {
    backfilled.push(region);
    forced.push(force);
    return [];
  },
  run: async (name, region) =>
    name === "Repair"
      ? ok([{ region: region ?? "eu-west-1", answer: { mended: 2 } }])
      : err({ type: "not-scheduled", name, scheduled: ["Heartbeat", "Repair"] }),
  invoke: async ({ name, region, payload }) =>
    name === "Reclaim"
      ? ok({ region, answer: { got: payload } })
      : err({ type: "no-function", name, functions: ["Reclaim", "Repair"] }),
  resolve: (name, near = "everywhere") =>
    name === "api"
      ? ok([{ near, name: "api.shop.test.", status: "found", records: [] }])
      : err({ type: "no-name", text: name }),
  paymentLedger: async () => ledger,
  adminToken: (asked) => signAdminToken(keySet, asked, 1_760_000_000_000),
});

beforeEach(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterEach(async () => {
  applied.length = 0;
  replayed.length = 0;
  backfilled.length = 0;
  forced.length = 0;
  await new Promise((resolve) => server.close(resolve));
});

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** `fetch` does not let a test choose the Host header. */
function send(path: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<[number, unknown]> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve([response.statusCode ?? 0, JSON.parse(Buffer.concat(chunks).toString())]),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const json = { "content-type": "application/json" };
const post = (path: string, body: unknown, headers: Record<string, string> = json) =>
  send(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });

describe("the control server", () => {
  it("tells the status and takes faults", async () => {
    const regions = status.regions.map((region) => ({ ...region, selling: "unknown" })); // none answers here
    expect(await send("/status")).toEqual([200, { ...status, regions }]);
    const fault = { type: "cut", from: "us-east-1", to: "eu-west-1" };
    expect(await post("/faults", fault)).toEqual([200, { ok: true, said: ["now: cut"] }]);
    expect(applied).toEqual([fault]);
  });

  it.each([
    ["replays", "/replay", replayed],
    ["backfills", "/backfill", backfilled],
  ])("%s one region or all, and never all for a slip of the pen", async (_, path, regions) => {
    expect((await post(path, {}))[0]).toBe(200);
    expect((await post(path, { region: "eu-west-1" }))[0]).toBe(200);
    for (const body of [{ region: 5 }, { regoin: "eu-west-1" }, [], { region: "mars" }]) {
      expect((await post(path, body))[0], JSON.stringify(body)).toBe(400);
    }
    expect(regions).toEqual([undefined, "eu-west-1"]);
    expect([...replayed, ...backfilled]).toHaveLength(2);
  });

  it("backfills by force when told so, and replays never", async () => {
    await post("/backfill", { region: "eu-west-1", force: true });
    await post("/backfill", {});
    expect((await post("/backfill", { force: "yes" }))[0]).toBe(400);
    expect((await post("/replay", { force: true }))[0]).toBe(400);
    expect([forced, backfilled, replayed]).toEqual([[true, undefined], ["eu-west-1", undefined], []]);
  });

  it("runs scheduled functions, and names them to whoever asks for another", async () => {
    expect(await post("/run", { function: "Repair" })).toEqual([
      200,
      [{ region: "eu-west-1", answer: { mended: 2 } }],
    ]);
    expect((await post("/run", { function: "Repair", region: "eu-west-1" }))[0]).toBe(200);
    expect(await post("/run", { function: "Api" })).toEqual([
      400,
      { error: '"Api" is not a scheduled function: choose from Heartbeat, Repair' },
    ]);
    expect(await post("/run", { function: "Repair", region: "mars" })).toEqual([
      400,
      { error: 'unknown region "mars": choose from eu-west-1' },
    ]);
    for (const body of [{}, { function: 5 }, { function: "Repair", regoin: "eu-west-1" }]) {
      expect((await post("/run", body))[0], JSON.stringify(body)).toBe(400);
    }
  });

  it("invokes any function of one region with what it is given", async () => {
    const asked = { function: "Reclaim", region: "eu-west-1", payload: { origin: "us-east-1#1" } };
    expect(await post("/invoke", asked)).toEqual([
      200,
      { region: "eu-west-1", answer: { got: { origin: "us-east-1#1" } } },
    ]);
    expect((await post("/invoke", { ...asked, payload: null }))[0]).toBe(200);
    expect(await post("/invoke", { ...asked, function: "Claim" })).toEqual([
      400,
      { error: '"Claim" is not a function: choose from Reclaim, Repair' },
    ]);
    expect(await post("/invoke", { ...asked, region: "mars" })).toEqual([
      400,
      { error: 'unknown region "mars": choose from eu-west-1' },
    ]);
    const { payload, ...without } = asked;
    for (const body of [without, { ...asked, region: undefined }, { ...asked, force: true }, {}]) {
      expect((await post("/invoke", body))[0], JSON.stringify(body)).toBe(400);
    }
  });

  it("asks for a name as clients near one region or near each do", async () => {
    const found = { name: "api.shop.test.", status: "found", records: [] };
    expect(await post("/dns", { name: "api" })).toEqual([200, [{ near: "everywhere", ...found }]]);
    expect(await post("/dns", { name: "api", near: "eu-west-1" })).toEqual([
      200,
      [{ near: "eu-west-1", ...found }],
    ]);
    expect(await post("/dns", { name: "a b" })).toEqual([
      400,
      { error: '"a b" is no name: take one of the shop\'s, such as api, or a whole one' },
    ]);
    for (const body of [
      {},
      { name: 5 },
      { name: "api", near: "mars" },
      { name: "api", region: "eu-west-1" },
    ]) {
      expect((await post("/dns", body))[0], JSON.stringify(body)).toBe(400);
    }
  });

  it("shows what the payment provider knows, if there is one", async () => {
    ledger = undefined;
    expect(await send("/payments/ledger")).toEqual([404, { error: "this world has no payments" }]);
    ledger = { payments: [] };
    expect(await send("/payments/ledger")).toEqual([200, { payments: [] }]);
  });

  it("signs operators' tokens, within their limits", async () => {
    const [status, signed] = await post("/token", { name: "alice", hours: 24 });
    expect([status, signed]).toEqual([200, { token: expect.stringMatching(/^[^.]+\.[^.]+\.[^.]+$/) }]);
    for (const body of [
      {},
      { name: "Alice" },
      { name: "alice", hours: 25 },
      { name: "alice", hours: "8" },
      { name: "a", x: 1 },
    ]) {
      expect((await post("/token", body))[0], JSON.stringify(body)).toBe(400);
    }
    expect(await post("/token", { name: "a b" })).toEqual([
      400,
      { error: expect.stringContaining('"a b" is not a name') },
    ]);
    expect((await send("/token"))[0]).toBe(404);
  });

  it.each([
    ["another host's name", "/status", { headers: { host: "evil.example" } }, 403],
    [
      "a form, as a page could send",
      "/faults",
      { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" },
      415,
    ],
    ["no JSON", "/faults", { method: "POST", headers: json, body: "{" }, 400],
    ["an unknown fault", "/faults", { method: "POST", headers: json, body: '{"type":"explode"}' }, 400],
    ["a path that is not there", "/nothing", {}, 404],
  ])("refuses %s", async (_, path, sent, expected) => {
    expect((await send(path, sent))[0]).toBe(expected);
    expect(applied).toEqual([]);
  });
});
