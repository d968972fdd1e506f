import { isOrigin, type Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import type { Update } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";
import { controlOrigin, controlPartition } from "./heartbeat-item.ts";
import type { LeaseSettings } from "./settings.ts";

/** A region's word that another one is given up, for good: whoever returns is a new incarnation. */
export interface Fence {
  /** Who may take over its units. */
  readonly reclaimer: Origin;
  /** By the clock of the region that fenced. */
  readonly fencedAtMs: number;
}

/** Everything that one region has fenced. */
export interface Fences {
  readonly origin: Origin;
  readonly counter: number;
  readonly fenceByOrigin: ReadonlyMap<Origin, Fence>;
  readonly touchedAtMs: number;
}

export function fencesKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "FENCES" };
}

function fenceToText({ reclaimer, fencedAtMs }: Fence): string {
  return `${reclaimer}|${fencedAtMs}`;
}

function readFence(value: ItemValue | undefined): Fence | undefined {
  const [reclaimer = "", atText = "", ...rest] = typeof value === "string" ? value.split("|") : [];
  const fencedAtMs = /^(?:0|[1-9][0-9]{0,15})$/.test(atText) ? Number(atText) : Number.NaN;
  return isOrigin(reclaimer) && isCounter(fencedAtMs) && rest.length === 0
    ? { reclaimer, fencedAtMs }
    : undefined;
}

/** Reads a region's `FENCES`. */
export function itemToFences(item: StoredItem): Result<Fences, ItemNotUnderstood> {
  const origin = controlOrigin(item, "FENCES");
  if (!origin.ok) {
    return origin;
  }
  const { v, touchedAt } = item;
  const fenceByOrigin = new Map<Origin, Fence>();
  for (const [name, value] of Object.entries(item)) {
    const lost = name.startsWith("f#") ? name.slice(2) : "";
    const fence = isOrigin(lost) ? readFence(value) : undefined;
    if (isOrigin(lost) && fence !== undefined) {
      fenceByOrigin.set(lost, fence);
    } else if (!["pk", "sk", "v", "touchedAt"].includes(name)) {
      return err(notUnderstood(item, name, isOrigin(lost) ? "not a fence" : "unknown attribute"));
    }
  }
  if (!isCounter(v) || v === 0 || !isCounter(touchedAt)) {
    return err(notUnderstood(item, isCounter(touchedAt) ? "v" : "touchedAt", "missing or not a counter"));
  }
  return ok({ origin: origin.value, counter: v, fenceByOrigin, touchedAtMs: touchedAt });
}

/** Writes what `itemToFences` reads. */
export function fencesToItem(fences: Fences): StoredItem {
  return {
    ...fencesKey(fences.origin),
    v: fences.counter,
    ...Object.fromEntries(
      [...fences.fenceByOrigin].map(([lost, fence]) => [`f#${lost}`, fenceToText(fence)]),
    ),
    touchedAt: fences.touchedAtMs,
  };
}

/**
 * Whom a region treats as given up: everybody that any fence in sight names, its own or another's. Its own are not
 * enough: a region that joins, or comes back as another life, has fenced nobody, and must neither keep a region's lease
 * alive nor take units from it that were taken over before. A replica is filled before it is used, so it holds them.
 */
export function fencedOrigins(fences: Iterable<Fences>): ReadonlySet<Origin> {
  const fenced = new Set<Origin>();
  for (const { fenceByOrigin } of fences) {
    for (const lost of fenceByOrigin.keys()) {
      fenced.add(lost);
    }
  }
  return fenced;
}

export interface FenceStep {
  readonly me: Origin;
  readonly lost: Origin;
  readonly reclaimer: Origin;
  readonly nowMs: number;
}

/** The reclaimer was given up too: units that it took over would be lost with its own. */
export interface ReclaimerFenced {
  readonly type: "reclaimer-fenced";
  readonly reclaimer: Origin;
}

export type FenceRefusal =
  /** The fence stands, for another reclaimer: two would take the same units over twice. */
  | { readonly type: "fenced-for-another"; readonly fence: Fence }
  /** No region gives itself up, nor leaves its units to itself. */
  | { readonly type: "not-another-region"; readonly origin: Origin }
  | ReclaimerFenced;

export type FencePlan =
  | { readonly type: "write"; readonly update: Update }
  | { readonly type: "done-already"; readonly fence: Fence };

function judgeFence(fence: Fence, { reclaimer }: FenceStep): Result<FencePlan, FenceRefusal> {
  return fence.reclaimer === reclaimer
    ? ok({ type: "done-already", fence })
    : err({ type: "fenced-for-another", fence });
}

/** Gives a region up, on the own `FENCES`. Set once: neither its time nor its reclaimer changes. */
export function planFence(own: Fences | undefined, step: FenceStep): Result<FencePlan, FenceRefusal> {
  const { me, lost, reclaimer, nowMs } = step;
  if (lost === me || lost === reclaimer) {
    return err({ type: "not-another-region", origin: lost });
  }
  const fence = own?.fenceByOrigin.get(lost);
  if (fence !== undefined) {
    return judgeFence(fence, step);
  }
  if (own?.fenceByOrigin.has(reclaimer) === true) {
    return err({ type: "reclaimer-fenced", reclaimer });
  }
  const attribute = `f#${lost}`;
  const update: Update = {
    set: { [attribute]: fenceToText({ reclaimer, fencedAtMs: nowMs }), touchedAt: nowMs },
    add: { v: 1 },
    onlyIf: [{ type: "absent", attribute }],
  };
  return ok({ type: "write", update });
}

/** What a refused fence met, from the item as it stood; nothing when that cannot be seen in it. */
export function explainFenceRefusal(
  item: StoredItem | undefined,
  step: FenceStep,
): Result<FencePlan, FenceRefusal> | undefined {
  const fence = readFence(item?.[`f#${step.lost}`]);
  return fence === undefined ? undefined : judgeFence(fence, step);
}

export type NotReclaimable =
  /** Whoever has not fenced the lost region may still echo it, give to it and take from it. */
  | { readonly type: "not-fenced-by-all"; readonly missing: readonly Origin[] }
  | { readonly type: "fenced-for-another"; readonly by: Origin; readonly fence: Fence }
  /** The reclaimer is no configured region other than the lost one. */
  | { readonly type: "not-another-region"; readonly origin: Origin }
  | ReclaimerFenced;

export interface ReclaimView {
  readonly lost: Origin;
  readonly reclaimer: Origin;
  /** All configured origins; the lost one may be among them, or its next life. */
  readonly configured: readonly Origin[];
  /** What was seen of the others' fences, old states included: a fence never changes. */
  readonly fences: Iterable<Fences>;
}

/**
 * From when on, by the reclaimer's clock, a lost region's units may be taken over: its lease has run out by any clock,
 * since nobody has echoed a beat of it after the last fence.
 */
export function reclaimableAtMs(view: ReclaimView, settings: LeaseSettings): Result<number, NotReclaimable> {
  const { lost, reclaimer } = view;
  const others = view.configured.filter((origin) => origin !== lost);
  if (!others.includes(reclaimer)) {
    return err({ type: "not-another-region", origin: reclaimer });
  }
  const fenceBy = new Map<Origin, Fence>();
  for (const { origin, fenceByOrigin } of view.fences) {
    const fence = fenceByOrigin.get(lost);
    if (fenceByOrigin.has(reclaimer)) {
      return err({ type: "reclaimer-fenced", reclaimer });
    }
    if (fence !== undefined) {
      fenceBy.set(origin, fence);
    }
  }
  const missing: Origin[] = [];
  let lastMs = 0;
  for (const by of others) {
    const fence = fenceBy.get(by);
    if (fence === undefined) {
      missing.push(by);
    } else if (fence.reclaimer !== reclaimer) {
      return err({ type: "fenced-for-another", by, fence });
    } else {
      lastMs = Math.max(lastMs, fence.fencedAtMs);
    }
  }
  return missing.length > 0
    ? err({ type: "not-fenced-by-all", missing })
    : ok(lastMs + settings.leaseMs + settings.driftMs);
}
