import {
  drainsOf,
  type FailoverView,
  failoverKinds,
  failoverPair,
  isFinished,
  type Origin,
  originOrder,
  wantedOf,
} from "@antipode/core";
import type { JudgedWorld } from "@antipode/core/testing";
import { type Call, pairRegionsOf, type WorldPlanes } from "./world-planes.ts";

export interface RunsWorld extends JudgedWorld {
  readonly planes: WorldPlanes["state"];
  /** What a region's Failover and Recovery would go by at this moment. */
  viewOf(at: number): FailoverView;
}

/** What a run has shown of failover, so that a test can say that it was no empty one. */
export interface RunCounts {
  /** Calls to announce or to change something, those of recoveries, and those that were refused. */
  calls: number;
  recovering: number;
  refused: number;
  /** Drains and ends that were completed when everything had healed. */
  completed: number;
}

interface Told {
  readonly what: string;
  readonly at: number;
  readonly atMs: number;
}

/** ms after which a region that was in no trouble knows what another one has written, and what it wrote itself before. */
const heardWithinMs = 30_000;

/**
 * Judges what runs do outside: nothing for a drain or an end that no longer stands by the own replica, no two at a time for
 * one region in one region, and no announcement again by who could have known of the first.
 */
export function createRunsJudge(world: RunsWorld, counts: RunCounts) {
  const underway = new Map<string, Call>();
  const told: Told[] = [];
  const troubleMs = world.places.map(() => world.nowMs());

  const isInTrouble = (at: number): boolean => {
    const { dead, cuts, delayMs, version } = world.faults;
    const isCut = [...cuts].some((cut) => cut.startsWith(`${at}>`) || cut.endsWith(`>${at}`));
    return dead.has(at) || isCut || delayMs.has(at) || version.has(at);
  };

  function toldAgain(call: Call, drainId: string): readonly string[] {
    const { at, effect, task } = call;
    const what = `${effect}: ${task.kind} of ${task.target}, ${drainId}`;
    const first = told.find((one) => one.what === what);
    const knows = (who: number, since: number) => (troubleMs[who] ?? 0) + heardWithinMs < since;
    const isKnown =
      first !== undefined &&
      world.nowMs() - first.atMs > heardWithinMs &&
      knows(at, first.atMs) &&
      knows(first.at, first.atMs);
    return isKnown ? [`${at} tells again what ${first.at} has told: ${what}`] : [];
  }

  return {
    /** At each step of a schedule, and every five seconds. */
    watch(hit?: number): void {
      for (const at of world.places) {
        troubleMs[at] = at === hit || isInTrouble(at) ? world.nowMs() : (troubleMs[at] ?? 0);
      }
    },

    /** When a call begins; what it returns says that the call has ended. */
    call(call: Call): { readonly faults: readonly string[]; readonly ended: () => void } {
      const { at, task, effect } = call;
      const key = `${at} ${task.target}`; // a failover and a recovery of one region wait for each other too
      const view = world.viewOf(at);
      const wanted = wantedOf(view, task);
      const record = view.records.find(
        ({ origin, kind, target }) => origin === view.me && kind === task.kind && target === task.target,
      );
      const drainId = wanted?.drainId ?? "";
      const isAnnouncement = effect === "people" || effect === "systems";
      const faults = [
        ...(wanted === undefined
          ? [`${key}: ${effect} of a ${task.kind}, though nothing is to be done any more`]
          : []),
        ...(underway.has(key) ? [`${key}: two runs at once`] : []),
        ...(record?.steps.get(effect)?.state === "begun"
          ? []
          : [`${key}: ${effect} of a ${task.kind} was not written down`]),
        ...(isAnnouncement ? toldAgain(call, drainId) : []),
      ];
      underway.set(key, call);
      counts.calls += 1;
      counts.recovering += task.kind === "recovery" ? 1 : 0;
      return {
        faults,
        ended() {
          underway.delete(key);
          counts.refused += call.isDone === true ? 0 : 1;
          if (isAnnouncement && call.isDone === true) {
            told.push({
              what: `${effect}: ${task.kind} of ${task.target}, ${drainId}`,
              at,
              atMs: world.nowMs(),
            });
          }
        },
      };
    },

    /** What runs there was is lost. */
    dropped(at: number): void {
      for (const key of [...underway.keys()].filter((one) => one.startsWith(`${at} `))) {
        underway.delete(key);
      }
    },
  };
}

/** When everything has healed: what was to be done about drains and their ends is done, and the control planes say so. */
export function runFaultsAtTheEnd(world: RunsWorld): readonly string[] {
  const faults: string[] = [];
  if (world.origins.every((origin, at) => drainsOf(world.viewOf(at)).has(origin))) {
    return faults; // operators have forced all out, and who is out runs nothing
  }
  for (const at of world.places) {
    const view = world.viewOf(at);
    const tasks = world.origins.flatMap((target) => failoverKinds.map((kind) => ({ kind, target })));
    for (const task of tasks) {
      const wanted = wantedOf(view, task);
      if (wanted !== undefined && !isFinished(view, task, wanted)) {
        faults.push(`${at}: ${task.kind} of ${task.target} is not completed`);
      }
    }
    const drains = drainsOf(view);
    const drained: readonly Origin[] = world.origins.filter((origin) => drains.has(origin));
    const pair = failoverPair(pairRegionsOf(world.origins), drained);
    if (JSON.stringify(world.planes.pair) !== JSON.stringify(pair)) {
      faults.push(`the failover pair is ${JSON.stringify(world.planes.pair)}, not ${JSON.stringify(pair)}`);
    }
    if (world.planes.order !== originOrder(drains, view.commands)) {
      faults.push(`the CDN asks ${world.planes.order}`);
    }
  }
  return faults;
}

export function completedIn(world: RunsWorld): number {
  return world.places.flatMap((at) =>
    world
      .viewOf(at)
      .records.filter(({ origin, outcome }) => origin === world.origins[at] && outcome === "completed"),
  ).length;
}
