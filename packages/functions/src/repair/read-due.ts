import { isOrderId, type OrderId, ok, type Result, type StorageError, sortableMs } from "@antipode/core";
import type { AdvancingDeps } from "../orders/deps.ts";

/** An order that repair is to look at, and since when. */
export interface Due {
  readonly id: OrderId;
  readonly dueAtMs: number;
}

/** Of one read of the index; a run takes page after page. */
const duePageSize = 100;

/** What one read has found. */
export interface DuePage {
  readonly due: readonly Due[];
  /** When the page's last one was due; what is due in the same ms may be on the next page. Absent on the last page. */
  readonly lastAtMs?: number;
}

/** What is due after that time in this region, the earliest first. */
export async function readDue(
  { items, deployment, clock }: AdvancingDeps,
  afterMs: number | undefined,
): Promise<Result<DuePage, StorageError>> {
  const found = await items.queryIndex("byDue", {
    value: deployment.origin,
    limit: duePageSize,
    ...(afterMs === undefined ? {} : { beyond: { side: "above", rangeKey: sortableMs(afterMs) } }),
  });
  if (!found.ok) {
    return found;
  }
  const now = sortableMs(clock.nowMs());
  const due = found.value.flatMap((item): Due[] => {
    const id = item.pk.slice("ORDER#".length);
    const dueAt = item["dueAt"];
    return isOrderId(id) && typeof dueAt === "string" && dueAt <= now ? [{ id, dueAtMs: Number(dueAt) }] : [];
  });
  const lastAtMs = due.length === duePageSize ? due.at(-1)?.dueAtMs : undefined;
  return ok({ due, ...(lastAtMs === undefined ? {} : { lastAtMs }) });
}
