import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withSelling } from "./selling.ts";
import type { RegionStatus, WorldStatus } from "./status.ts";

const bodies: Record<string, string> = {
  "/fenced/ready": '{"status":"ready","region":"us-east-1","selling":"fenced"}',
  "/down/ready": '{"type":"urn:antipode:problem:not-ready"}',
  "/odd/ready": "no JSON",
};
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.end(bodies[request.url ?? ""]);
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const region = (name: string, more: Partial<RegionStatus> = {}): RegionStatus => ({
  region: name,
  up: true,
  api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
  endpoint: "",
  dispatchers: [],
  schedules: [],
  failedBatches: 0,
  ...more,
});

it("asks each region that is up whether it sells, and knows nothing of one that does not say", async () => {
  const regions = [
    region("fenced"),
    region("down"),
    region("odd"),
    region("gone", { api: "http://127.0.0.1:1" }),
    region("off", { up: false }),
  ];
  const status: WorldStatus = {
    engine: "embedded",
    seed: 1,
    startedAt: "2026-01-01T00:00:00.000Z",
    now: new Date(0).toISOString(),
    timeScale: 1,
    memoryMb: 1,
    regions,
    faults: [],
    replication: [],
    edges: [],
  };
  const told = await withSelling(status);
  expect(told.regions.map(({ selling }) => selling)).toEqual([
    "fenced",
    "unknown",
    "unknown",
    "unknown",
    undefined,
  ]);
  expect(asked.toSorted()).toEqual(["/down/ready", "/fenced/ready", "/odd/ready"]);
  expect({ ...told, regions }).toEqual(status);
});
