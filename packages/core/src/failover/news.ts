import { type Origin, originRegion } from "../ids/origin.ts";
import { type FailoverKind, failoverKinds } from "./record.ts";
import { restOf } from "./rest.ts";
import type { FailoverTask, FailoverView } from "./sight.ts";
import { wantedOf } from "./wanted.ts";

/**
 * What a region tells its own functions: that there is something for them to do. It carries no order: what is done follows
 * from what the region sees when it does it, so news that is late, doubled or lost does no harm.
 */
export interface DrainNews {
  readonly type: "region-drained" | "region-restored";
  readonly of: string;
  readonly drainId: string;
}

const typeByKind: Readonly<Record<FailoverKind, DrainNews["type"]>> = {
  failover: "region-drained",
  recovery: "region-restored",
};

export interface DueNews {
  readonly task: FailoverTask;
  readonly news: DrainNews;
}

/** What the own functions are to be told after a round: of every task that they would not rest at. */
export function dueNews(view: FailoverView): readonly DueNews[] {
  return view.configured.flatMap((target) =>
    failoverKinds.flatMap((kind): DueNews[] => {
      const task: FailoverTask = { kind, target };
      const wanted = restOf(view, task) === undefined ? wantedOf(view, task) : undefined;
      return wanted === undefined
        ? []
        : [{ task, news: { type: typeByKind[kind], of: originRegion(target), drainId: wanted.drainId } }];
    }),
  );
}

/** The task that news is about; nothing where its region is not configured. */
export function taskOf({ type, of }: DrainNews, configured: readonly Origin[]): FailoverTask | undefined {
  const kind = failoverKinds.find((one) => typeByKind[one] === type);
  const target = configured.find((origin) => originRegion(origin) === of);
  return kind === undefined || target === undefined ? undefined : { kind, target };
}
