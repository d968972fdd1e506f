import type { NameSight, RegionsHistory } from "./history.ts";
import { phasesOf } from "./phases.ts";
import { seconds } from "./world-time.ts";

/** What is promised of a region that comes back by a share of its shoppers. */
export interface ReturnPromises {
  readonly region: string;
  /** ms for which it is led a share at least, from when it was led the first. */
  readonly shareForMs: number;
  /** Of the answers near it meanwhile, those that lead to it. */
  readonly shareMin: number;
  readonly shareMax: number;
  /** ms from the first until all answers lead there. */
  readonly wholeWithinMs: number;
}

export interface ReturnVerdict {
  /** From 0 to 1; nothing when it was never led anybody again. */
  readonly share?: number;
  /** From the first answer that led back until after the last one that led elsewhere. */
  readonly wholeMs?: number;
  readonly broken: readonly string[];
}

export function judgeReturn(history: RegionsHistory, promises: ReturnPromises): ReturnVerdict {
  const { region, shareForMs, shareMin, shareMax, wholeWithinMs } = promises;
  const back = sightsSinceReturn(history, region);
  const [first] = back;
  if (first === undefined) return { broken: [`those near ${region} were never led back`] };
  const early = back.filter(({ atMs }) => atMs < first.atMs + shareForMs);
  const share = early.filter(({ to }) => to === region).length / early.length;
  const wholeMs = (back.findLast(({ to }) => to !== region)?.atMs ?? first.atMs) - first.atMs;
  return {
    share,
    wholeMs,
    broken: [
      ...(share < shareMin || share > shareMax
        ? [
            `at first ${percent(share)} of the answers near ${region} led back to it, where ${percent(shareMin)} to ${percent(shareMax)} can be`,
          ]
        : []),
      ...(wholeMs > wholeWithinMs
        ? [
            `those near ${region} were all back after ${seconds(wholeMs)}, where ${seconds(wholeWithinMs)} are promised`,
          ]
        : []),
    ],
  };
}

/** What those near the region were answered, from the first answer that led back to it. */
function sightsSinceReturn({ names, marks }: RegionsHistory, region: string): readonly NameSight[] {
  const mendedMs = marks.find((mark) => mark.type === "mended" && mark.region === region)?.atMs;
  if (mendedMs === undefined) return [];
  const near = names.filter((sight) => sight.near === region && sight.to !== undefined);
  const away = near.findIndex(({ atMs, to }) => atMs >= mendedMs && to !== region);
  const first = near.findIndex(({ to }, at) => at > away && to === region);
  return away < 0 || first < 0 ? [] : near.slice(first);
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Whether all answers near the region have led to it for so long. */
export function isWhole(
  history: RegionsHistory,
  region: string,
  { nowMs, forMs }: { nowMs: number; forMs: number },
): boolean {
  if (phasesOf(history, region).recoveredMs === undefined) return false;
  const elsewhere = history.names.findLast(
    ({ near, to }) => near === region && to !== undefined && to !== region,
  );
  return elsewhere !== undefined && nowMs - elsewhere.atMs >= forMs;
}
