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
  memoryMb: 1,
  regions: [],
  faults: [],
  replication: [],
  ...more,
});

describe("the status as a person reads it", () => {
  it("counts what schedules started, and says what went wrong", () => {
    const regions = [
      region("us-east-1", [schedule("Heartbeat"), schedule("Repair", { lastError: "broken" })]),
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
    expect(text).toContain("us-east-1 Repair: last error: broken");
  });

  it("says of each region whether it sells, where it was asked", () => {
    const regions = [
      { ...region("us-east-1", []), selling: "fenced" },
      { ...region("eu-west-1", []), up: false },
    ];
    expect(formatStatus(status({ regions }))).toContain(
      [
        "region     state  sells   api                    AWS endpoint           stream records waiting  failed batches",
        "us-east-1  up     fenced  http://127.0.0.1:4101  http://127.0.0.1:4111  0                       0",
        "eu-west-1  down   -       http://127.0.0.1:4101  http://127.0.0.1:4111  0                       0",
      ].join("\n"),
    );
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
