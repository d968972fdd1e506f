import type { SeenFailover } from "./watch-failovers.ts";

/** While no control plane takes a call, a failover is tried, is pending, and never says that it is completed. */
export function judgeFailovers(
  seen: readonly SeenFailover[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly string[] {
  const meanwhile = seen.filter(({ kind, atMs }) => kind === "failover" && atMs >= fromMs && atMs < toMs);
  const wrong = meanwhile.filter(({ outcome }) => outcome === "completed");
  return [
    ...wrong.map(
      ({ by, target }) =>
        `${by} called its failover of ${target} completed, and no control plane took a call`,
    ),
    ...(meanwhile.some(({ outcome }) => outcome === "pending")
      ? []
      : ["no region wrote down that its failover is pending"]),
  ];
}
