import {
  type DrainNews,
  defaultFailoverSettings,
  defaultVoteSettings,
  dueNews,
  type FailoverKind,
  type FailoverSight,
  type FailoverView,
  failoverKinds,
  isPending,
  originRegion,
  type RegionVotes,
  type Result,
  runnersOf,
} from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import type { Log } from "../platform/log.ts";
import type { Measurements } from "../platform/measurements.ts";

/** Tells the own region's functions, within a second or so. An error is why it was not told. */
export type TellFunctions = (kind: FailoverKind, news: DrainNews) => Promise<Result<undefined, string>>;

export interface TellDeps {
  readonly deployment: Deployment;
  readonly tell: TellFunctions;
  readonly log: Log;
  readonly measurements: Measurements;
}

/** Drains and their ends that no region has finished with, counted by the region that is to do so first: one alarm for each. */
function pendingOf(view: FailoverView): number {
  const tasks = view.configured.flatMap((target) => failoverKinds.map((kind) => ({ kind, target })));
  return tasks.filter((task) => isPending(view, task) && runnersOf(view, task.target).at(0) === view.me)
    .length;
}

/**
 * After a round: tells the own functions of what there is to do, if there is. A message that is lost is sent again by the next
 * round, since nothing will have been done; one that cannot be sent fails no round.
 */
export async function tellFunctions(
  { deployment, tell, log, measurements }: TellDeps,
  sight: FailoverSight,
  votes: RegionVotes,
): Promise<void> {
  const me = deployment.origin;
  const view: FailoverView = {
    ...sight,
    heard: new Map(sight.heard).set(me, { type: "said", votes }),
    me,
    configured: deployment.regions.map(({ origin }) => origin),
    nowMs: votes.touchedAtMs,
    settings: defaultFailoverSettings,
    voteSettings: defaultVoteSettings,
  };
  measurements.record("PendingFailovers", [pendingOf(view)]);
  await Promise.all(
    dueNews(view).map(async ({ task: { kind, target }, news }) => {
      const told = await tell(kind, news);
      measurements.record("DrainNews", [1], { outcome: told.ok ? "told" : "failed" });
      log[told.ok ? "info" : "warn"](`there is something to do: ${news.type}`, {
        of: originRegion(target),
        drainId: news.drainId,
        ...(told.ok ? {} : { reason: told.error }),
      });
    }),
  );
}
