import type { Origin } from "../ids/origin.ts";
import { originRegion } from "../ids/origin.ts";
import { type Command, newestCommands } from "../votes/command-item.ts";
import type { Drain } from "../votes/drained.ts";

/*
 * What the control planes should say, as a function of who is drained: the same whichever region asks, in whatever order,
 * however often. Recovery is this function with one region less.
 */

/** What regions `failover.<domain>` leads to. */
export interface FailoverPair {
  readonly primary: string;
  readonly secondary: string;
}

/** A region of the list, as far as the order of preference goes. */
export interface PairRegion {
  readonly name: string;
  readonly partner: string;
}

/**
 * The home region and its partner, as `infra/records.ts` creates them, then the others in the order of the list; those that are
 * drained last. Nothing for fewer than two regions.
 */
export function failoverPair(
  regions: readonly PairRegion[],
  drained: readonly Origin[],
): FailoverPair | undefined {
  const [home] = regions;
  const out = new Set(drained.map(originRegion));
  const names = regions.map(({ name }) => name);
  const preferred = [home?.name, home?.partner, ...names].filter((name) => name !== undefined);
  const known = [...new Set(preferred)].filter((name) => names.includes(name));
  const ordered = [...known.filter((name) => !out.has(name)), ...known.filter((name) => out.has(name))];
  const [primary, secondary] = ordered;
  return primary === undefined || secondary === undefined ? undefined : { primary, secondary };
}

/** Which of the CDN's two origins for catalog reads is asked first. */
export const originOrders = ["nearest-first", "alternate-first"] as const;
export type OriginOrder = (typeof originOrders)[number];

/**
 * The nearest region is asked first, but while a drain by votes stands. Such a region says itself that it is well, and only the
 * others' votes close it: the alternate origin, which never is the region that is nearest, depends on no check of it. A region that
 * an operator has drained closes by its own word, which is as good as dead for Route 53. The price is a longer way for catalog
 * reads elsewhere that are not in the CDN's cache. Whose drain it is follows from the newest command, as its name does: the
 * others' votes for an operator's drain are in force some seconds before its region has closed.
 */
export function originOrder(drains: ReadonlyMap<Origin, Drain>, commands: Iterable<Command>): OriginOrder {
  const newest = newestCommands(commands);
  const isVotes = ([target, { type }]: readonly [Origin, Drain]): boolean =>
    type === "votes" && newest.get(target)?.action !== "drain";
  return [...drains].some(isVotes) ? "alternate-first" : "nearest-first";
}
