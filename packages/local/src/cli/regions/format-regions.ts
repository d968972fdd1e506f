/** The regions of a shop as a person reads them: how each stands, and how long writes take between them. */
import { table } from "../table.ts";
import type { Answered, Listed, ListedRegion, Unanswered } from "./shop-regions.ts";

/** What each region said that was asked, in the order of the list. */
export interface AskedRegions {
  readonly answered: readonly Answered<Listed>[];
  readonly unanswered: readonly Unanswered[];
}

/** Regions of the shop that were not asked: another one was named, or their addresses are none of its domain. */
export function notAsked({ answered: [first] }: AskedRegions, asked: readonly string[]): readonly string[] {
  return first?.value.regions.map(({ name }) => name).filter((name) => !asked.includes(name)) ?? [];
}

/** The newest day's median and 99th percentile of the way from a region to the one that measured. */
function lagText({ value }: Answered<Listed>, from: string): string {
  const [day] = value.lag?.find((lag) => lag.from === from)?.days ?? [];
  return day === undefined ? "-" : `${Math.round(day.medianMs)} / ${Math.round(day.p99Ms)} ms`;
}

/** What was done about the region's last drain, or its end, and what of it failed. */
function runText(run: ListedRegion["lastRun"]): string {
  if (run === undefined) return "-";
  const failed = run.failed.length === 0 ? "" : ` (${run.failed.join(", ")} failed)`;
  return `${run.kind} ${run.outcome} by ${run.by}${failed}`;
}

export function formatRegions({ answered, unanswered }: AskedRegions, others: readonly string[]): string {
  const [first] = answered;
  if (first === undefined) return "";
  const { regions } = first.value;
  return [
    `as ${first.region} sees them:`,
    table(
      ["region", "state", "by", "since", "voted against by", "last run"],
      regions.map(({ name, state, drainedBy, since, voters, lastRun }) => [
        name,
        state,
        drainedBy ?? "-",
        since ?? "-",
        voters.join(", ") || "-",
        runText(lastRun),
      ]),
    ),
    "",
    "replication (rows send, columns receive and measured): median / 99 % of the newest day",
    table(
      ["", ...answered.map(({ region }) => region)],
      regions.map(({ name }) => [
        name,
        ...answered.map((to) => (to.region === name ? "·" : lagText(to, name))),
      ]),
    ),
    ...unanswered.map(({ text }) => text),
    ...(others.length === 0 ? [] : [`not asked: ${others.join(", ")}`]),
  ].join("\n");
}
