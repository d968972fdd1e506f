import { describe, expect, it } from "vitest";
import type { RegionStatus, ScheduleStatus, WorldStatus } from "../world/status.ts";
import { formatRun, formatStatus } from "./format-status.ts";

const schedule = (name: string, more: Partial<ScheduleStatus> = {}): ScheduleStatus => ({
  name,
  expression: "rate(1 minute)",
  enabled: true,
  fired: 3,
  ...more,
});

const region = (name: string, schedules: readonly ScheduleStatus[]): RegionStatus => ({
  region: name,
  up: true,
  api: "http://127.0.0.1:4101",
  endpoint: "http://127.0.0.1:4111",
  dispatchers: [],
  schedules,
  failedBatches: 0,
});

const status = (more: Partial<WorldStatus>): WorldStatus => ({
  engine: "embedded",
  seed: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  now: "2026-01-01T00:00:00.000Z",
  timeScale: 1,
  memoryMb: 1,
  regions: [],
  faults: [],
  replication: [],
  edges: [],
  ...more,
});

describe("the status as a person reads it", () => {
  it("counts what schedules started, and says what went wrong", () => {
    const regions = [
      region("us-east-1", [
        schedule("Heartbeat"),
        schedule("Repair", { lastError: "broken", lastErrorAt: "2025-12-31T23:59:20.000Z" }),
      ]),
      region("eu-west-1", [schedule("Heartbeat", { enabled: false, fired: 0 })]),
    ];
    const text = formatStatus(status({ regions }));
    expect(text).toContain(
      [
        "schedules: times started",
        "                           us-east-1  eu-west-1",
        "Heartbeat, rate(1 minute)  3          disabled",
        "Repair, rate(1 minute)     3          -",
      ].join("\n"),
    );
    expect(text).toContain("us-east-1 Repair: last error, 40 s ago: broken");
  });

  it("says what the CDN did near each region", () => {
    const counts = { requests: 4, hits: 3, refreshHits: 0, misses: 1, errors: 0, failovers: 1 };
    const kept = { cachedObjects: 2, cachedBytes: 1_500 };
    const place = { near: "eu-west-1", url: "http://127.0.0.1:4132", address: "127.0.0.112" };
    const names = { dnsPort: 4153, namedPort: 4180 };
    expect(formatStatus(status({ names, edges: [{ ...place, ...counts, ...kept }] }))).toContain(
      [
        "CDN near   at                     as named          requests  hits  failovers  errors  kept",
        "eu-west-1  http://127.0.0.1:4132  127.0.0.112:4180  4         75%   1          0       2 (2 KB)",
      ].join("\n"),
    );
  });

  it("says of each region whether it sells and whether Route 53 sends shoppers there", () => {
    const regions = [
      { ...region("us-east-1", []), selling: "fenced", route53: "open" as const },
      { ...region("eu-west-1", []), up: false },
    ];
    expect(formatStatus(status({ regions }))).toContain(
      [
        "region     state  sells   Route 53  api                    AWS endpoint           stream records waiting  failed batches",
        "us-east-1  up     fenced  open      http://127.0.0.1:4101  http://127.0.0.1:4111  0                       0",
        "eu-west-1  down   -       -         http://127.0.0.1:4101  http://127.0.0.1:4111  0                       0",
      ].join("\n"),
    );
  });

  it("says where names are asked for, and how fast time goes", () => {
    const names = { dnsPort: 4153, namedPort: 4180 };
    expect(formatStatus(status({ names }))).toContain(
      "names: name servers at 127.0.0.1:4153; they lead to port 4180 of 127.0.0.101 and on\n",
    );
    expect(formatStatus(status({ names: { dnsPort: 4153 } }))).toContain(
      "names: name servers at 127.0.0.1:4153; this machine has not the addresses that they lead to\n",
    );
    expect(formatStatus(status({ timeScale: 10 }))).toContain("Z, time scale 10\n");
    expect(formatStatus(status({}))).not.toMatch(/names|scale/);
  });

  it("shows the payment sandbox, if there is one", () => {
    const url = "http://127.0.0.1:5000";
    expect(formatStatus(status({ payments: { url, running: true } }))).toContain(
      "payments: sandbox at http://127.0.0.1:5000\n",
    );
    expect(formatStatus(status({ payments: { url, running: false } }))).toContain("5000, which has ended");
    expect(formatStatus(status({}))).not.toMatch(/payments|schedules/);
  });

  it("shows answers of a run as they are", () => {
    const text = formatRun([
      { region: "us-east-1", answer: { mended: 2 } },
      { region: "eu-west-1", error: "eu-west-1 is down" },
    ]);
    expect(text).toBe(
      ["region     answer", 'us-east-1  {"mended":2}', "eu-west-1  failed: eu-west-1 is down"].join("\n"),
    );
  });
});
