import type { VoteStep } from "./vote-steps.ts";

export type Version = "same" | "remarks" | "later-rules";

/** What is wrong at a moment, by places in the list of regions. */
export interface Faults {
  readonly dead: Set<number>;
  readonly proberless: Set<number>;
  /** `from>to`. */
  readonly cuts: Set<string>;
  readonly failShare: Map<number, number>;
  readonly delayMs: Map<number, number>;
  readonly backlogMs: Map<number, number>;
  readonly version: Map<number, Version>;
}

export function noFaults(): Faults {
  return {
    dead: new Set(),
    proberless: new Set(),
    cuts: new Set(),
    failShare: new Map(),
    delayMs: new Map(),
    backlogMs: new Map(),
    version: new Map(),
  };
}

function cutBoth(faults: Faults, left: number, right: number): void {
  if (left !== right) {
    faults.cuts.add(`${left}>${right}`).add(`${right}>${left}`);
  }
}

function mend(faults: Faults, at: number): void {
  for (const part of [faults.dead, faults.proberless, faults.failShare, faults.delayMs, faults.backlogMs]) {
    part.delete(at);
  }
  for (const cut of faults.cuts) {
    if (cut.startsWith(`${at}>`) || cut.endsWith(`>${at}`)) {
      faults.cuts.delete(cut);
    }
  }
}

/** Applies a step that changes what is wrong; commands, alarms, clocks and waits are the world's. */
export function applyFault(faults: Faults, step: VoteStep, places: readonly number[]): void {
  const at = "at" in step ? step.at % places.length : 0;
  switch (step.type) {
    case "kill":
      faults.dead.add(at);
      return;
    case "stop-prober":
      faults.proberless.add(at);
      return;
    case "deafen":
      faults.failShare.set(at, 100);
      for (const other of places) {
        cutBoth(faults, at, other);
      }
      return;
    case "mend":
      mend(faults, at);
      return;
    case "cut":
      cutBoth(faults, at, step.to % places.length);
      return;
    case "cut-one-way":
      faults.cuts.add(`${at}>${step.to % places.length}`);
      return;
    case "heal":
      faults.cuts.delete(`${at}>${step.to % places.length}`);
      faults.cuts.delete(`${step.to % places.length}>${at}`);
      return;
    case "split":
      for (const inside of places.filter((one) => (step.mask >> one) % 2 === 1)) {
        for (const outside of places.filter((one) => (step.mask >> one) % 2 === 0)) {
          cutBoth(faults, inside, outside);
        }
      }
      return;
    case "gray":
      faults.failShare.set(at, step.share);
      return;
    case "slow-replication":
      faults.delayMs.set(at, step.delayMs);
      return;
    case "backlog":
      faults.backlogMs.set(at, step.backlogMs);
      return;
    case "version":
      faults.version.set(at, step.version);
      if (step.version === "same") {
        faults.version.delete(at);
      }
      return;
    default:
  }
}

/** Whether a look from one place at another one meets no cut and nobody dead. */
export function isReachable(faults: Faults, from: number, to: number): boolean {
  const isCut = faults.cuts.has(`${from}>${to}`) || faults.cuts.has(`${to}>${from}`);
  return !isCut && !faults.dead.has(to) && !faults.dead.has(from);
}
