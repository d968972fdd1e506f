import { type FailoverRecord, type FailoverView, originRegion } from "@antipode/core";
import type { Announcement, RegionEvent } from "./ports.ts";

const runbooks = {
  failover: "docs/operating/runbooks/region-loss.md",
  recovery: "docs/operating/runbooks/failback.md",
} as const;

function opened(view: Pick<FailoverView, "configured">, record: FailoverRecord): readonly string[] {
  return view.configured.filter((origin) => !record.drained.includes(origin)).map(originRegion);
}

const noted = (record: FailoverRecord, step: "evidence" | "vote" | "gates") =>
  record.steps.get(step)?.note ?? "not known";

/** How the region comes back, and what there is to do, by who closed it: a drain is named after an operator's command or after votes. */
function outlook({ drainId }: FailoverRecord): { readonly back: string; readonly toDo: string } {
  return drainId.startsWith("operator ")
    ? {
        back: "it stays out until an operator restores it",
        toDo: "Whoever drained it restores it when the work on it is done, by the runbook.",
      }
    : {
        back: "it comes back by itself once it is well",
        toDo: "Find out what is wrong with it, by the runbook.",
      };
}

/** One message that says who, why, since when, what it means, and what to do. */
export function announcementOf(
  environment: string,
  view: Pick<FailoverView, "configured">,
  record: FailoverRecord,
): Announcement {
  const target = originRegion(record.target);
  const open = opened(view, record).join(", ");
  const by = `Said by ${originRegion(record.origin)}. Drain: ${record.drainId}. Runbook: ${runbooks[record.kind]}`;
  const since = new Date(record.seenAtMs).toISOString();
  const { back, toDo } = outlook(record);
  return record.kind === "failover"
    ? {
        subject: `antipode ${environment}: ${target} is drained`,
        text: [
          `${target} of ${environment} is drained since ${since}: shoppers are led to other regions.`,
          `Why: ${noted(record, "evidence")}.`,
          `Who: ${noted(record, "vote")}.`,
          `Open: ${open}. Its data keeps replicating, and ${back}.`,
          `What to do: nothing to keep the shop open. ${toDo}`,
          by,
        ].join("\n"),
      }
    : {
        subject: `antipode ${environment}: ${target} is open again`,
        text: [
          `${target} of ${environment} takes shoppers again, since ${since}.`,
          `What was waited for: ${noted(record, "gates")}.`,
          `Open: ${open}.`,
          "What to do: nothing. Look at the region for a while, by the runbook.",
          by,
        ].join("\n"),
      };
}

/** The same for systems; docs/architecture.md has its schema. */
export function eventOf(
  environment: string,
  view: Pick<FailoverView, "configured">,
  record: FailoverRecord,
): RegionEvent {
  const steps = ["evidence", "vote", "gates"] as const;
  const why = steps.flatMap((step) => {
    const note = record.steps.get(step)?.note;
    return note === undefined ? [] : [[step, note] as const];
  });
  return {
    detailType: record.kind === "failover" ? "Region Drained" : "Region Restored",
    detail: {
      environment,
      of: originRegion(record.target),
      by: originRegion(record.origin),
      drainId: record.drainId,
      since: new Date(record.seenAtMs).toISOString(),
      drained: record.drained.map(originRegion),
      open: opened(view, record),
      ...Object.fromEntries(why),
    },
  };
}
