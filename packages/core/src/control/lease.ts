import type { Origin } from "../ids/origin.ts";
import type { Update } from "../ports/items.ts";
import type { Echoes, Heartbeat } from "./heartbeat-item.ts";
import type { LeaseSettings } from "./settings.ts";

/*
 * A region sells while a majority has lately heard it. Those who have fenced it do not say so any more, so that once
 * all others have, its lease runs out: by its own clock, whatever it can or cannot hear.
 */

/** The beats whose times are kept: the newest ones, and the one that the lease runs from. */
function keptBeats(own: Heartbeat, echoed: number, settings: LeaseSettings): ReadonlySet<number> {
  const known = [...own.atMsByBeat.keys(), own.beat].sort((left, right) => right - left);
  const leased = known.find((beat) => beat <= echoed);
  const newest = known.slice(0, settings.beatsKept);
  return new Set(leased === undefined ? newest : [...newest, leased]);
}

/**
 * The next beat of a region, on its own `HEARTBEAT`; `echoed` is `echoedBeat`. Refused when another instance has made
 * it: one beat is enough.
 */
export function planBeat(
  own: Heartbeat | undefined,
  {
    echoed,
    nowMs,
    settings,
  }: { readonly echoed: number; readonly nowMs: number; readonly settings: LeaseSettings },
): Update {
  if (own === undefined) {
    return {
      set: { beat: 1, at: nowMs, touchedAt: nowMs },
      add: { v: 1 },
      onlyIf: [{ type: "absent", attribute: "v" }],
    };
  }
  const kept = keptBeats(own, echoed, settings);
  const remove = [...own.atMsByBeat.keys()].filter((beat) => !kept.has(beat)).map((beat) => `b#${beat}`);
  return {
    set: { beat: own.beat + 1, at: nowMs, [`b#${own.beat}`]: own.atMs, touchedAt: nowMs },
    ...(remove.length > 0 ? { remove } : {}),
    add: { v: 1 },
    onlyIf: [{ type: "equals", attribute: "v", value: own.counter }],
  };
}

export interface EchoStep {
  readonly me: Origin;
  /** The heartbeats that this region has seen. */
  readonly heartbeats: Iterable<Heartbeat>;
  /** `fencedOrigins` of what was seen: not echoed, whatever still arrives of them. */
  readonly fenced: ReadonlySet<Origin>;
  readonly nowMs: number;
}

/** Says on the own `ECHOES` how far others were heard; nothing when that has been said. Refused when it changed since. */
export function planEcho(own: Echoes | undefined, step: EchoStep): Update | undefined {
  const heard = [...step.heartbeats].filter(
    ({ origin, beat }) =>
      origin !== step.me && !step.fenced.has(origin) && beat > (own?.beatByOrigin.get(origin) ?? 0),
  );
  if (heard.length === 0) {
    return undefined;
  }
  return {
    set: {
      ...Object.fromEntries(heard.map(({ origin, beat }) => [`e#${origin}`, beat])),
      touchedAt: step.nowMs,
    },
    add: { v: 1 },
    onlyIf: [
      own === undefined
        ? { type: "absent", attribute: "v" }
        : { type: "equals", attribute: "v", value: own.counter },
    ],
  };
}

export interface LeaseView {
  readonly own: Heartbeat | undefined;
  /** What this region has seen of the others' echoes, old states included. */
  readonly echoes: Iterable<Echoes>;
  /** All configured origins, this one among them. */
  readonly configured: readonly Origin[];
  /** `fencedOrigins` of what this region has seen. */
  readonly fenced: ReadonlySet<Origin>;
}

/** The greatest own beat that a majority of the configured regions has heard, this one counted; 0 without any. */
export function echoedBeat({ own, echoes, configured }: Omit<LeaseView, "fenced">): number {
  if (own === undefined) {
    return 0;
  }
  const beatByOrigin = new Map<Origin, number>();
  for (const { origin, beatByOrigin: heard } of echoes) {
    const beat = Math.max(beatByOrigin.get(origin) ?? 0, heard.get(own.origin) ?? 0);
    beatByOrigin.set(origin, Math.min(beat, own.beat));
  }
  const others = new Set(configured.filter((origin) => origin !== own.origin));
  const heard = [...others]
    .map((origin) => beatByOrigin.get(origin) ?? 0)
    .sort((left, right) => right - left);
  const othersNeeded = Math.floor((others.size + 1) / 2);
  return othersNeeded === 0 ? own.beat : (heard[othersNeeded - 1] ?? 0);
}

/**
 * Until when a region may sell and grant, by its own clock; nothing when no majority has heard it, or when it sees
 * itself given up. Where a beat's time is no longer kept, an earlier beat's counts.
 */
export function leaseUntilMs(view: LeaseView, settings: LeaseSettings): number | undefined {
  const { own } = view;
  const echoed = echoedBeat(view);
  if (own === undefined || echoed === 0 || view.fenced.has(own.origin)) {
    return undefined;
  }
  const known: readonly (readonly [number, number])[] = [...own.atMsByBeat, [own.beat, own.atMs]];
  const [last] = known.filter(([beat]) => beat <= echoed).sort(([left], [right]) => right - left);
  return last === undefined ? undefined : last[1] + settings.leaseMs;
}

/** Whether a lease runs at this moment of the region's own clock. */
export function isLeaseRunning(untilMs: number | undefined, nowMs: number): boolean {
  return untilMs !== undefined && nowMs < untilMs;
}
