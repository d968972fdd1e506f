import type { Fault } from "../faults/fault.ts";
import { integerBetween, pick, type Random } from "../links/random.ts";
import { outside } from "../links/region-lag.ts";

/** A command to the world, given when the drill begins its operation number `at`. */
export interface PlannedFault {
  readonly at: number;
  readonly fault: Fault;
}

export interface FaultPlanOptions {
  readonly regions: readonly string[];
  /** Faults begin and end while the drill goes through this many operations. */
  readonly operations: number;
}

/** Operations between the beginnings of two faults, so that a few are always in force at once. */
const everyMin = 2;
const everyMax = 8;
/** How many operations a broken link stays broken, and how many a region stays down. */
const linkMin = 5;
const linkMax = 40;
const outageMin = 3;
const outageMax = 15;
/** Far beyond what is usual between regions, and below the patience of those who read from a peer. */
const lagMaxMs = 800;
const lossMax = 0.6;

export type FaultKind =
  | "cut"
  | "one-way cut"
  | "lag"
  | "loss"
  | "pause"
  | "outage"
  | "lost answers"
  | "lost requests";

const kinds: readonly FaultKind[] = [
  "cut",
  "cut",
  "one-way cut",
  "one-way cut",
  "lag",
  "loss",
  "pause",
  "outage",
  "lost answers",
  "lost requests",
];

/** Faults of these kinds close a region to the clients: one region at a time, so that the others can be tried. */
const closing: readonly FaultKind[] = ["outage", "lost answers", "lost requests"];

/**
 * What breaks and when it is mended, from chance alone. Measured in operations and not in seconds: a slow machine has
 * the same plan as a fast one, and as much happens under each fault.
 */
export function planFaults(random: Random, options: FaultPlanOptions): readonly PlannedFault[] {
  const { regions, operations } = options;
  const planned: PlannedFault[] = [];
  let closedUntil = 0;
  for (let at = 1; at < operations; at += integerBetween(random, everyMin, everyMax)) {
    const kind = pick(random, kinds);
    const from = pick(random, regions);
    const to = pick(
      random,
      regions.filter((region) => region !== from),
    );
    const [min, max] = kind === "outage" ? [outageMin, outageMax] : [linkMin, linkMax];
    const until = Math.min(at + integerBetween(random, min, max), operations);
    const faults = faultsOf(kind, { random, from, to });
    if (closing.includes(kind)) {
      if (at <= closedUntil) continue;
      closedUntil = until;
    }
    planned.push({ at, fault: faults.begin }, { at: until, fault: faults.end });
  }
  return planned.toSorted((left, right) => left.at - right.at);
}

interface Place {
  readonly random: Random;
  readonly from: string;
  readonly to: string;
}

/** A fault of this kind between two regions, or at the first one's door, and what mends it. */
export function faultsOf(
  kind: FaultKind,
  { random, from, to }: Place,
): { readonly begin: Fault; readonly end: Fault } {
  const heal: Fault = { type: "heal", from, to };
  const healDoor: Fault = { type: "heal", from: outside, to: from };
  switch (kind) {
    case "cut":
      return { begin: { type: "cut", from, to }, end: heal };
    case "one-way cut":
      return { begin: { type: "cut", from, to, oneWay: true }, end: heal };
    case "lag":
      return { begin: { type: "lag", from, to, ms: integerBetween(random, 100, lagMaxMs) }, end: heal };
    case "loss":
      return { begin: { type: "loss", from, to, share: shareOf(random) }, end: heal };
    case "pause":
      return { begin: { type: "pause", from, to, oneWay: true }, end: heal };
    case "outage":
      return { begin: { type: "down", region: from }, end: { type: "up", region: from } };
    case "lost answers":
      return {
        begin: { type: "loss", from, to: outside, share: shareOf(random), oneWay: true },
        end: healDoor,
      };
    case "lost requests":
      return {
        begin: { type: "loss", from: outside, to: from, share: shareOf(random), oneWay: true },
        end: healDoor,
      };
  }
}

/** In whole percents, so that it reads as it is. */
const shareOf = (random: Random): number => integerBetween(random, 10, lossMax * 100) / 100;
