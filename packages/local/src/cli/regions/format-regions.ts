/** The regions of a shop as a person reads them: how each stands, and how long writes take between them. */
import { table } from "../table.ts";
import type { Answered, Listed, Unanswered } from "./shop-regions.ts";

/** What each region said that was asked, in the order of the list. */
export interface AskedRegions {
  readonly answered: readonly Answered<Listed>[];
  readonly unanswered: readonly Unanswered[];
}

/** The newest day's median and 99th percentile of the way from a region to the one that measured. */
function lagText({ value }: Answered<Listed>, from: string): string {
  const [day] = value.lag?.find((lag) => lag.from === from)?.days ?? [];
  return day === undefined ? "-" : `${Math.round(day.medianMs)} / ${Math.round(day.p99Ms)} ms`;
}

export function formatRegions({ answered, unanswered }: AskedRegions): string {
  const [first] = answered;
  if (first === undefined) return "";
  const { regions } = first.value;
  return [
    `as ${first.region} sees them:`,
    table(
      ["region", "state", "by", "since", "voted against by"],
      regions.map(({ name, state, drainedBy, since, voters }) => [
        name,
        state,
        drainedBy ?? "-",
        since ?? "-",
        voters.join(", ") || "-",
      ]),
    ),
    "",
    "replication (rows send, columns receive and measured): median / 99 % of the newest day",
    table(
      ["", ...answered.map(({ region }) => region)],
      regions.map(({ name }) => [
        name,
        ...answered.map((to) => (to.region === name ? "" : lagText(to, name))),
      ]),
    ),
    ...unanswered.map(({ text }) => text),
  ].join("\n");
}
