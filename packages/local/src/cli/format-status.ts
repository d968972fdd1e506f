/** The world's status as a person reads it. */
import type { PairStatus } from "../replication/replication.ts";
import type {
  BackfillOutcome,
  RegionStatus,
  ReplayOutcome,
  RunOutcome,
  WorldStatus,
} from "../world/status.ts";

export function formatStatus(status: WorldStatus): string {
  return [
    `engine ${status.engine}, seed ${status.seed}, ${status.memoryMb} MB, up since ${status.startedAt}`,
    "",
    table(
      ["region", "state", "sells", "api", "AWS endpoint", "stream records waiting", "failed batches"],
      status.regions.map((region) => [
        region.region,
        region.up ? "up" : "down",
        region.selling ?? "-",
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
    ...describePayments(status),
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
        .map((schedule) => `${region.region} ${schedule.name}: last error: ${schedule.lastError}`),
    ),
  ].join("\n");
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
