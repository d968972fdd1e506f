import { type CallFailure, type FaultState, type LinkFault, linkEnds, linkFault } from "./fault-state.ts";
import { formatMs, formatShare } from "./format.ts";
import { describePaymentFaults } from "./payment-faults.ts";

/** One line for each thing that is wrong; empty when nothing is. */
export function describeFaults(state: FaultState): readonly string[] {
  return [
    ...state.down.map((region) => `${region}: down`),
    ...describeLinks(state),
    ...state.failures.map(describeFailure),
    ...Object.entries(state.skewMs).map(([region, ms]) => `${region}: ${describeSkew(ms)}`),
    ...describePaymentFaults(state.payments),
  ];
}

export function describeLink(link: LinkFault): string {
  const parts = [
    link.cut && "cut",
    link.paused && "replication paused",
    link.lagMs !== undefined && `lag ${formatMs(link.lagMs)}`,
    link.loss !== undefined && `loss ${formatShare(link.loss)}`,
  ];
  return parts.filter((part) => typeof part === "string").join(", ");
}

export function describeFailure({ region, service, operation, table, share }: CallFailure): string {
  const scope = `${service}${operation === undefined ? "" : `:${operation}`}${table === undefined ? "" : `/${table}`}`;
  return `${region}: ${formatShare(share)} of ${scope} calls fail`;
}

function describeSkew(ms: number): string {
  return `clock ${formatMs(Math.abs(ms))} ${ms > 0 ? "ahead" : "behind"}`;
}

/** A link that is the same both ways is one line. */
function describeLinks(state: FaultState): readonly string[] {
  const lines: string[] = [];
  for (const [key, link] of Object.entries(state.links)) {
    const { from, to } = linkEnds(key);
    const text = describeLink(link);
    const back = describeLink(linkFault(state, to, from));
    if (text !== back) lines.push(`${from} → ${to}: ${text}`);
    else if (from < to) lines.push(`${to} ↔ ${from}: ${text}`);
  }
  return lines;
}
