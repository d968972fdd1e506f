/** The world's status as a person reads it. */
import type { PairStatus } from "../replication/replication.ts";
import type {
  BackfillOutcome,
  RegionStatus,
  ReplayOutcome,
  RunOutcome,
  WorldStatus,
} from "../world/status.ts";
import { describeAlarmCounts } from "./format-alarms.ts";
import { table } from "./table.ts";

export function formatStatus(status: WorldStatus): string {
  return [
    `engine ${status.engine}, seed ${status.seed}, ${status.memoryMb} MB, up since ${status.startedAt}${describeTimeScale(status)}`,
    "",
    table(
      [
        "region",
        "state",
        "sells",
        "Route 53",
        "api",
        "AWS endpoint",
        "stream records waiting",
        "failed batches",
      ],
      status.regions.map((region) => [
        region.region,
        region.up ? "up" : "down",
        region.selling ?? "-",
        region.route53 ?? "-",
        region.api,
        region.endpoint,
        String(waiting(region)),
        String(region.failedBatches),
      ]),
    ),
    "",
    "replication (rows send, columns receive): items waiting, median lag",
    replicationMatrix(status),
    "",
    ...describeSchedules(status),
    ...describeAlarmCounts(status),
    ...describePayments(status),
    ...describeNames(status),
    ...describeEdges(status),
    status.faults.length === 0
      ? "no faults"
      : ["faults:", ...status.faults.map((line) => `  ${line}`)].join("\n"),
    ...status.regions.flatMap((region) =>
      region.dispatchers
        .filter((dispatcher) => dispatcher.lastError !== undefined)
        .map((dispatcher) => `${region.region} ${dispatcher.name}: last error: ${dispatcher.lastError}`),
    ),
    ...status.regions.flatMap((region) =>
      region.schedules
        .filter((schedule) => schedule.lastError !== undefined)
        .map(
          ({ name, lastError, lastErrorAt }) =>
            `${region.region} ${name}: last error${describeAge(status, lastErrorAt)}: ${lastError}`,
        ),
    ),
  ].join("\n");
}

/** An error stays shown until the next attempt, which a region that was down makes up to a minute after it is up. */
function describeAge({ now }: WorldStatus, at: string | undefined): string {
  return at === undefined
    ? ""
    : `, ${Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1_000))} s ago`;
}

/** A row for each scheduled function, a column for each region: how often it was started. */
function describeSchedules({ regions }: WorldStatus): readonly string[] {
  const all = regions.flatMap(({ schedules }) => schedules);
  const rows = [...new Set(all.map(({ name, expression }) => `${name}, ${expression}`))].map((title) => [
    title,
    ...regions.map(({ schedules }) => {
      const mine = schedules.filter(({ name, expression }) => `${name}, ${expression}` === title);
      return mine.map(({ fired, enabled }) => (enabled ? String(fired) : "disabled")).join(", ") || "-";
    }),
  ]);
  if (rows.length === 0) return [];
  return ["schedules: times started", table(["", ...regions.map(({ region }) => region)], rows), ""];
}

function describePayments({ payments }: WorldStatus): readonly string[] {
  if (payments === undefined) return [];
  return [`payments: sandbox at ${payments.url}${payments.running ? "" : ", which has ended"}`, ""];
}

function describeNames({ names }: WorldStatus): readonly string[] {
  if (names === undefined) return [];
  const { dnsPort, namedPort } = names;
  const leads =
    namedPort === undefined
      ? "this machine has not the addresses that they lead to"
      : `they lead to port ${namedPort} of 127.0.0.101 and on`;
  return [`names: name servers at 127.0.0.1:${dnsPort}; ${leads}`, ""];
}

function describeEdges({ edges, names }: WorldStatus): readonly string[] {
  if (edges.length === 0) return [];
  const rows = edges.map((edge) => {
    const address = names?.namedPort === undefined ? "-" : `${edge.address}:${names.namedPort}`;
    const share = edge.requests === 0 ? "-" : `${Math.round((100 * edge.hits) / edge.requests)}%`;
    const kept = `${edge.cachedObjects} (${Math.ceil(edge.cachedBytes / 1_024)} KB)`;
    const counts = [edge.requests, share, edge.failovers, edge.errors, kept].map(String);
    return [edge.near, edge.url, address, ...counts];
  });
  const head = ["CDN near", "at", "as named", "requests", "hits", "failovers", "errors", "kept"];
  return [table(head, rows), ""];
}

function describeTimeScale({ timeScale }: WorldStatus): string {
  return timeScale === 1 ? "" : `, time scale ${timeScale}`;
}

const count = (value: number | undefined) => (value === undefined ? "-" : String(value));

export function formatReplay(outcomes: readonly ReplayOutcome[]): string {
  return table(
    ["region", "replayed", "failed again", "remaining", ""],
    outcomes.map((outcome) => [
      outcome.region,
      count(outcome.replayed),
      count(outcome.failed),
      count(outcome.remaining),
      outcome.error ?? "",
    ]),
  );
}

export function formatBackfill(outcomes: readonly BackfillOutcome[]): string {
  return table(
    ["region", "rebuilt", "up to date", "incomplete", "failed", ""],
    outcomes.map((outcome) => [
      outcome.region,
      count(outcome.rebuilt),
      count(outcome.upToDate),
      count(outcome.incomplete),
      count(outcome.failed),
      outcome.error ?? "",
    ]),
  );
}

/** Answers as JSON, a region a line. */
export function formatRun(outcomes: readonly RunOutcome[]): string {
  return table(
    ["region", "answer"],
    outcomes.map(({ region, answer, error }) => [
      region,
      error === undefined ? JSON.stringify(answer) : `failed: ${error}`,
    ]),
  );
}

const waiting = (region: RegionStatus) =>
  region.dispatchers.reduce((sum, dispatcher) => sum + dispatcher.behind, 0);

function replicationMatrix(status: WorldStatus): string {
  const names = status.regions.map((region) => region.region);
  const cell = (from: string, to: string): string => {
    if (from === to) return "·";
    const pair = status.replication.find((entry) => entry.from === from && entry.to === to);
    return pair ? describePair(pair) : "-";
  };
  return table(
    ["", ...names],
    names.map((from) => [from, ...names.map((to) => cell(from, to))]),
  );
}

function describePair(pair: PairStatus): string {
  const lag = pair.lagMs === undefined ? "" : `, ${Math.round(pair.lagMs.p50)} ms`;
  return `${pair.pending}${lag}`;
}
