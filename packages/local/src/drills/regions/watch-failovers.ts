import type { AttributeValue } from "../../engine/item-change.ts";
import type { World } from "../../world/world.ts";

/** What a region wrote down about what it did at a drain, or at its end. */
export interface SeenFailover {
  readonly atMs: number;
  /** Who runs it. */
  readonly by: string;
  readonly kind: "failover" | "recovery";
  /** The origin of the drained region. */
  readonly target: string;
  /** `pending`, `completed` and so on. */
  readonly outcome: string;
}

const kindBySortKey: Readonly<Record<string, SeenFailover["kind"]>> = {
  FAILOVERS: "failover",
  RECOVERIES: "recovery",
};

/**
 * Follows what regions write about their failovers: no answer of the API says how far one is. It is the one thing that these
 * drills read behind the API.
 */
export function watchFailovers(dynamo: World["dynamo"], now: () => number) {
  const seen: SeenFailover[] = [];
  const stop = dynamo.onChange(({ region, writtenIn, key, newImage }) => {
    const [name = "", target = ""] = textOf(key["sk"]).split(/#(.*)/s);
    const kind = kindBySortKey[name];
    if (region !== writtenIn || kind === undefined || newImage === undefined) return;
    seen.push({ atMs: now(), by: region, kind, target, outcome: textOf(newImage["outcome"]) });
  });
  return { seen, stop };
}

const textOf = (value: AttributeValue | undefined): string =>
  value !== undefined && "S" in value ? value.S : "";
