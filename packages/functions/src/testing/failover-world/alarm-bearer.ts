import type { Origin } from "@antipode/core";
import { type Faults, isReachable } from "@antipode/core/testing";
import { type AlarmState, alarmNews } from "./alarm-events.ts";

export interface AlarmBearerOptions {
  readonly places: readonly number[];
  readonly originAt: (at: number) => Origin;
  readonly faults: Faults;
  readonly chance: () => number;
  readonly nowMs: () => number;
  readonly hear: (at: number, event: unknown) => Promise<void>;
}

/**
 * Bears news of a region's alarm: every region that can be reached hears of it, maybe twice, and maybe late of what it was
 * before; an alarm's end may be lost.
 */
export function createAlarmBearer({ places, originAt, faults, chance, nowMs, hear }: AlarmBearerOptions) {
  /** By region, the last news of its alarm. */
  const told = new Map<number, unknown>();
  return async (of: number, state: AlarmState): Promise<void> => {
    const news = alarmNews(originAt(of), state, nowMs());
    const before = told.get(of);
    for (const at of places) {
      const isLost = state === "ok" && chance() < 0.2;
      if (isLost || faults.dead.has(at) || (at !== of && !isReachable(faults, of, at))) {
        continue;
      }
      await hear(at, news.bus);
      await (at === of ? hear(at, news.topic) : undefined);
      for (const again of [before, news.bus].filter((one) => one !== undefined && chance() < 0.3)) {
        await hear(at, again);
      }
    }
    told.set(of, news.bus);
  };
}
