import { type CallFailure, type FaultState, type LinkFault, linkFault } from "./fault-state.ts";
import { formatMs, formatShare } from "./format.ts";
import { describePaymentFaults } from "./payment-faults.ts";

/** One thing that is wrong. */
export interface FaultLine {
  /** What it is wrong with: the lines of one subject together say all that is wrong with it. */
  readonly subject: string;
  readonly text: string;
}

/** A line for each thing that is wrong; none when nothing is. Links and their ends are in the order of `places`. */
export function describeFaults(state: FaultState, places: readonly string[]): readonly FaultLine[] {
  return [
    ...state.down.map((region) => ({ subject: `${region} down`, text: `${region}: down` })),
    ...describeLinks(state, places),
    ...state.failures.map((failure) => ({
      subject: `${failure.region} ${scopeOf(failure)}`,
      text: `${failure.region}: ${formatShare(failure.share)} of ${scopeOf(failure)} calls fail`,
    })),
    ...Object.entries(state.slowApiMs).map(([region, ms]) => ({
      subject: `${region} slow api`,
      text: `${region}: each answer of the api takes ${formatMs(ms)} longer`,
    })),
    ...Object.entries(state.skewMs).map(([region, ms]) => ({
      subject: `${region} clock`,
      text: `${region}: ${describeSkew(ms)}`,
    })),
    ...describePaymentFaults(state.payments),
  ];
}

function describeLink(link: LinkFault): string {
  const parts = [
    link.cut && "cut",
    link.paused && "replication paused",
    link.lagMs !== undefined && `lag ${formatMs(link.lagMs)}`,
    link.loss !== undefined && `loss ${formatShare(link.loss)}`,
  ];
  return parts.filter((part) => typeof part === "string").join(", ");
}

function scopeOf({ service, operation, table }: CallFailure): string {
  return `${service}${operation === undefined ? "" : `:${operation}`}${table === undefined ? "" : `/${table}`}`;
}

function describeSkew(ms: number): string {
  return `clock ${formatMs(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`;
}

/** A link that is the same both ways is one line. */
function describeLinks(state: FaultState, places: readonly string[]): readonly FaultLine[] {
  return places.flatMap((from, index) =>
    places.slice(index + 1).flatMap((to) => {
      const there = describeLink(linkFault(state, from, to));
      const back = describeLink(linkFault(state, to, from));
      const lines =
        there === back
          ? [[`${from} ↔ ${to}`, there]]
          : [
              [`${from} → ${to}`, there],
              [`${to} → ${from}`, back],
            ];
      return lines
        .filter(([, text]) => text !== "")
        .map(([way, text]) => ({ subject: `${from} ${to}`, text: `${way}: ${text}` }));
    }),
  );
}
