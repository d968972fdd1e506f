import { isOrigin, type Origin } from "../ids/origin.ts";
import { type ItemNotUnderstood, isCounter, notUnderstood, type StoredItem } from "../items/item.ts";
import type { Result } from "../result/result.ts";
import { type Alarm, itemToAlarms } from "./alarms-item.ts";
import { type Command, itemToCommand } from "./command-item.ts";
import { isFresh } from "./freshness.ts";
import type { Observation } from "./observation.ts";
import { itemToObservations } from "./observations-item.ts";
import type { VoteSettings } from "./settings.ts";
import { itemToVotes, type RegionVotes } from "./votes-item.ts";

/** What is in sight of one region's `VOTES`. */
export type Heard =
  | { readonly type: "said"; readonly votes: RegionVotes }
  /** It is written for other rules: by a later version, or by an earlier one. */
  | { readonly type: "not-understood" };

const ownKinds = ["OBSERVATIONS", "VOTES", "ALARMS"] as const;
type OwnKind = (typeof ownKinds)[number];

/** What one region sees of Control, as far as it concerns drains. */
export interface ControlSight {
  /** Every region's votes, the own ones among them. */
  readonly heard: ReadonlyMap<Origin, Heard>;
  readonly commands: readonly Command[];
  /** The own prober's. */
  readonly observations: ReadonlyMap<Origin, Observation>;
  /** Those that this region was told of. */
  readonly alarms: readonly Alarm[];
  /** The `v` of the own items as they stand, understood or not: what a write of them is conditional on. */
  readonly ownCounters: ReadonlyMap<OwnKind, number>;
  /** What was passed over: its region is silent as far as that goes. For the log. */
  readonly notUnderstood: readonly ItemNotUnderstood[];
}

/** All that the rules of drain votes go by. */
export interface VoteView extends ControlSight {
  readonly me: Origin;
  /** All configured regions, this one among them. */
  readonly configured: readonly Origin[];
  /** ms by which the own dispatchers are behind their streams. */
  readonly backlogMs: number;
  readonly nowMs: number;
  readonly settings: VoteSettings;
}

/** What a region's `VOTES` say, where they are in sight and understood. */
export function saidBy({ heard }: Pick<ControlSight, "heard">, origin: Origin): RegionVotes | undefined {
  const one = heard.get(origin);
  return one?.type === "said" ? one.votes : undefined;
}

/** Whether a region's word that is in sight is of late: it has heard of a round that this one made a moment ago. */
export function echoesLately(view: VoteView, origin: Origin): boolean {
  const { me, nowMs, settings } = view;
  const echoed = saidBy(view, origin)?.heard.get(me);
  const echoedMs = echoed === undefined ? undefined : saidBy(view, me)?.atMsByRound.get(echoed);
  return echoedMs !== undefined && isFresh(echoedMs, settings.echoMaxMs, nowMs);
}

/**
 * Whether a region's word goes back as far as Route 53 may still go by what it said before. It does not where the code has
 * changed to one that cannot read what the one before wrote: votes and a closing ended then, and nothing tells which.
 */
export function remembersWhole(
  view: Pick<VoteView, "heard" | "me" | "nowMs" | "settings">,
  origin: Origin,
): boolean {
  const one = view.heard.get(origin);
  if (one?.type !== "said") {
    return one === undefined;
  }
  const { atMsByRound, touchedAtMs } = one.votes;
  const first = Math.min(...atMsByRound.keys());
  const nowMs = origin === view.me ? view.nowMs : touchedAtMs;
  return first === 1 || !isFresh(atMsByRound.get(first) ?? nowMs, view.settings.settleMs, nowMs);
}

/** The other configured regions that, by what is in sight, vote against one. */
export function votersAgainst(
  view: Pick<VoteView, "heard" | "configured">,
  target: Origin,
): readonly Origin[] {
  return view.configured.filter(
    (origin) => origin !== target && saidBy(view, origin)?.standings.get(target)?.voting === true,
  );
}

/** Reads the items of Control, in any order. Other kinds of items are other rules' business. */
export function readControlSight(me: Origin, items: Iterable<StoredItem>): ControlSight {
  const heard = new Map<Origin, Heard>();
  const commands: Command[] = [];
  const passed: ItemNotUnderstood[] = [];
  const ownCounters = new Map<OwnKind, number>();
  let observations: ReadonlyMap<Origin, Observation> = new Map();
  let alarms: readonly Alarm[] = [];
  const take = <T>(read: Result<T, ItemNotUnderstood>): T | undefined => {
    passed.push(...(read.ok ? [] : [read.error]));
    return read.ok ? read.value : undefined;
  };
  for (const item of items) {
    const origin = item.pk.slice("REGION#".length);
    if (!isOrigin(origin)) {
      passed.push(notUnderstood(item, "pk", "not a region's key"));
      continue;
    }
    const own = origin === me ? ownKinds.find((kind) => kind === item.sk) : undefined;
    if (own !== undefined && isCounter(item["v"])) {
      ownCounters.set(own, item["v"]);
    }
    if (item.sk === "VOTES") {
      const votes = take(itemToVotes(item));
      heard.set(origin, votes === undefined ? { type: "not-understood" } : { type: "said", votes });
    } else if (item.sk.startsWith("COMMANDS#")) {
      const command = take(itemToCommand(item));
      commands.push(...(command === undefined ? [] : [command]));
    } else if (own === "OBSERVATIONS") {
      observations = take(itemToObservations(item))?.observationByOrigin ?? observations;
    } else if (own === "ALARMS") {
      alarms = take(itemToAlarms(item))?.alarms ?? alarms;
    }
  }
  return { heard, commands, observations, alarms, ownCounters, notUnderstood: passed };
}
