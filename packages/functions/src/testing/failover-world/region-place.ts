import type { StoredItem } from "@antipode/core";
import type { Faults } from "@antipode/core/testing";
import { createRegionFunctions, type RegionFunctionsOptions } from "./region-functions.ts";

export interface RegionPlaceOptions
  extends Pick<
    RegionFunctionsOptions,
    "origin" | "configured" | "fetch" | "outside" | "chance" | "doesTopicRefuse" | "wrong"
  > {
  readonly at: number;
  readonly faults: Faults;
  readonly nowMs: () => number;
  /** How far the region's clock is ahead at first. */
  readonly offsetMs: number;
  /** Hands what the region wrote to replication. */
  readonly send: (item: StoredItem) => void;
}

/** A region in its place in the world: its functions with its clock, what its stream has yet to show, and its schedule. */
export function createRegionPlace({ at, faults, nowMs, send, ...options }: RegionPlaceOptions) {
  const { chance } = options;
  let offsetMs = options.offsetMs;
  let stream: { readonly item: StoredItem; readonly dueMs: number }[] = [];
  let rounds = 0;
  let isStopped = false;
  const show = (item: StoredItem): void => {
    stream.push({ item, dueMs: nowMs() + 200 + chance() * 1_000 });
  };
  const clockMs = () => nowMs() + offsetMs;
  const region = createRegionFunctions({
    ...options,
    clock: { nowMs: clockMs },
    worldNowMs: nowMs,
    onWrite(item) {
      show(item);
      send(item);
      rounds += item.sk === "VOTES" ? 1 : 0;
    },
  });
  faults.proberless.add(at); // until its schedule fires for the first time

  return {
    region,
    clockMs,
    setClock(aheadMs: number): void {
      offsetMs = aheadMs;
    },

    /** Replication has brought it. */
    receive(item: StoredItem): void {
      region.receive(item);
      show(item);
    },

    /** The stream of Control shows to the dispatcher what is due. */
    async dispatch(): Promise<void> {
      const untilMs = nowMs() - (faults.backlogMs.get(at) ?? 0);
      const due = stream.filter(({ dueMs }) => dueMs <= untilMs);
      if (due.length > 0) {
        stream = stream.filter(({ dueMs }) => dueMs > untilMs);
        await region.dispatch(due.map(({ item }) => item));
      }
    },

    /** Goes on with the prober, and begins a run where a minute begins. Says whether that made a round. */
    async runProber(isMinute: boolean): Promise<boolean> {
      const before = rounds;
      await region.prober.wake();
      if (isMinute && !isStopped) {
        faults.proberless.delete(at);
        await region.prober.start();
      }
      return rounds !== before;
    },

    kill(): void {
      region.prober.drop();
      region.runs.drop();
      faults.proberless.add(at); // alive again, its prober runs at the next minute
    },

    stopProber(): void {
      isStopped = true;
      region.prober.drop();
    },

    mend(): void {
      isStopped = false;
      if (!region.prober.isRunning()) {
        faults.proberless.add(at);
      }
    },
  };
}

export type RegionPlace = ReturnType<typeof createRegionPlace>;
