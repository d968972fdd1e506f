import fc from "fast-check";
import type { Origin } from "../../ids/origin.ts";
import { dueNews } from "../news.ts";
import { failoverKinds, oppositeOf } from "../record.ts";
import { type FailoverWorld, regionsOf } from "./failover-world.ts";

/** What may happen between two moves. */
export type FailoverStepEvent =
  | {
      readonly type: "drain" | "restore";
      readonly target: Origin;
      readonly why: "probes" | "operator";
      /** Whether enough regions stay open or not. */
      readonly force?: boolean;
    }
  /**
   * All voters forget that they vote against a region, and after so many quiet rounds begin again to, where operators still
   * want it out.
   */
  | { readonly type: "lapse"; readonly target: Origin; readonly rounds: number }
  /** Rounds of some regions, each telling its functions so often. */
  | { readonly type: "rounds"; readonly of: readonly Origin[]; readonly copies: number }
  /** News that nobody has sent now: late, or sent again by SNS. */
  | { readonly type: "stray-news"; readonly at: Origin; readonly target: Origin; readonly kind: 0 | 1 }
  /** A drain ends, or begins anew, between what a run that has something to do reads and what one of the other kind does. */
  | { readonly type: "cross"; readonly pick: number; readonly why: "probes" | "operator" }
  | { readonly type: "moves"; readonly picks: readonly number[] }
  | { readonly type: "crash"; readonly pick: number }
  | { readonly type: "replicate"; readonly from: Origin; readonly to: Origin }
  | { readonly type: "cut" | "heal"; readonly from: Origin; readonly to: Origin }
  | {
      readonly type: "refuse" | "allow";
      readonly step: "people" | "names" | "names-sync" | "edge" | "verify";
    }
  | { readonly type: "pass"; readonly ms: number }
  | { readonly type: "set-clock"; readonly of: Origin; readonly offsetMs: number };

const anyOrigin = fc.constantFrom(...regionsOf);
const anyStep = fc.constantFrom(
  "people" as const,
  "names" as const,
  "names-sync" as const,
  "edge" as const,
  "verify" as const,
);

const anyEvent: fc.Arbitrary<FailoverStepEvent> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("drain" as const),
      target: anyOrigin,
      why: fc.constantFrom("probes" as const, "operator" as const),
      force: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("restore" as const),
      target: anyOrigin,
      why: fc.constantFrom("probes" as const, "operator" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("lapse" as const),
      target: anyOrigin,
      rounds: fc.constantFrom(0, 1, 3, 30),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("rounds" as const),
      of: fc.oneof(
        { weight: 3, arbitrary: fc.constant([...regionsOf]) },
        { weight: 1, arbitrary: fc.subarray([...regionsOf], { minLength: 1 }) },
      ),
      copies: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("stray-news" as const),
      at: anyOrigin,
      target: anyOrigin,
      kind: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("cross" as const),
      pick: fc.nat({ max: 50 }),
      why: fc.constantFrom("probes" as const, "operator" as const),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant("moves" as const),
      picks: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("crash" as const), pick: fc.nat({ max: 50 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("replicate" as const), from: anyOrigin, to: anyOrigin }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom("cut" as const, "heal" as const),
      from: anyOrigin,
      to: anyOrigin,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom("refuse" as const, "allow" as const), step: anyStep }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("pass" as const),
      ms: fc.constantFrom(1_000, 10_000, 10_000, 40_000, 120_000, 400_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("set-clock" as const),
      of: anyOrigin,
      offsetMs: fc.constantFrom(-3_600_000, -60_000, 0, 60_000, 3_600_000),
    }),
  },
);

export const anyEvents = fc.record({
  seed: fc.nat(),
  events: fc.array(anyEvent, { minLength: 20, maxLength: 100, size: "max" }),
});

/** As the rules of votes: two of four stay open. */
const drainsMost = 2;

/** Whether one drain more leaves enough regions open. */
function isPlaceFor(world: FailoverWorld, target: Origin, most: number): boolean {
  return world.votedAgainst().filter((one) => one !== target).length < most;
}

/**
 * All voters say so. An operator's drain is a command, and votes for it. Nothing where too few would stay open, unless it
 * is forced; one stays open in any case.
 */
export function setDrain(
  world: FailoverWorld,
  target: Origin,
  isDrained: boolean,
  why: "probes" | "operator",
  force = false,
): void {
  const most = force && why === "operator" ? regionsOf.length - 1 : drainsMost;
  if (isDrained && !isPlaceFor(world, target, most)) {
    return;
  }
  if (why === "operator") {
    world.command(regionsOf[0] ?? target, target, isDrained ? "drain" : "restore");
  }
  for (const voter of regionsOf) {
    world.vote(voter, target, isDrained, isDrained ? why : "well");
  }
}

/** A drain ends without a word of anybody. */
export function forget(world: FailoverWorld, target: Origin): void {
  for (const voter of regionsOf) {
    world.forget(voter, target);
  }
}

/** It stands again for the command that it stood for. */
export function resume(world: FailoverWorld, target: Origin): void {
  const isWanted = world.orderOn(target) === "drain" && isPlaceFor(world, target, drainsMost);
  for (const voter of isWanted ? regionsOf : []) {
    world.vote(voter, target, true, "operator");
  }
}

export function spread(world: FailoverWorld): void {
  for (const from of regionsOf) {
    for (const to of regionsOf) {
      world.replicate(from, to);
    }
  }
}

/** One round of these regions, whose words go as far as links let them; then their functions are told. */
export function playRounds(world: FailoverWorld, of: readonly Origin[], copies: number): void {
  spread(world);
  const due = of.map((origin) => [origin, world.round(origin)] as const);
  spread(world);
  for (const [origin, tasks] of due) {
    for (const task of tasks) {
      for (let copy = 0; copy < copies; copy += 1) {
        world.invoke(origin, task);
      }
    }
  }
}

function cross(
  world: FailoverWorld,
  { pick, why }: Extract<FailoverStepEvent, { readonly type: "cross" }>,
): void {
  const due = regionsOf.flatMap((at) => dueNews(world.viewOf(at)).map(({ task }) => ({ at, task })));
  const one = due[pick % Math.max(1, due.length)];
  if (one === undefined) {
    return;
  }
  const { at, task } = one;
  world.advance(world.invoke(at, task));
  setDrain(world, task.target, task.kind === "recovery", why);
  playRounds(world, regionsOf, 0);
  world.advance(world.invoke(at, { ...task, kind: oppositeOf(task.kind) }));
}

export function playEvent(world: FailoverWorld, event: FailoverStepEvent): void {
  const running = world.running();
  switch (event.type) {
    case "drain":
    case "restore":
      setDrain(world, event.target, event.type === "drain", event.why, event.force);
      return;
    case "lapse":
      forget(world, event.target);
      playQuiet(world, event.rounds);
      resume(world, event.target);
      return;
    case "rounds":
      playRounds(world, event.of, event.copies);
      return;
    case "stray-news":
      world.invoke(event.at, { kind: failoverKinds[event.kind], target: event.target });
      return;
    case "cross":
      cross(world, event);
      return;
    case "moves":
      for (const pick of event.picks) {
        const now = world.running();
        const one = now[pick % Math.max(1, now.length)];
        if (one !== undefined) {
          world.advance(one);
        }
      }
      return;
    case "crash": {
      const one = running[event.pick % Math.max(1, running.length)];
      if (one !== undefined) {
        one.phase = "ended";
      }
      return;
    }
    case "replicate":
      world.replicate(event.from, event.to);
      return;
    case "cut":
      world.cuts.add(`${event.from}>${event.to}`);
      return;
    case "heal":
      world.cuts.delete(`${event.from}>${event.to}`);
      return;
    case "refuse":
      world.refusing.add(event.step);
      return;
    case "allow":
      world.refusing.delete(event.step);
      return;
    case "pass":
      world.passMs(event.ms);
      return;
    case "set-clock": // no lease outlasts a clock that is set while it is held, so nobody is at work then
      if (!running.some(({ at }) => at === event.of)) {
        world.setClock(event.of, event.offsetMs);
      }
  }
}

/** Quiet rounds, ten seconds apart, in which every invocation comes to its end. */
export function playQuiet(world: FailoverWorld, rounds: number): void {
  for (let number = 0; number < rounds; number += 1) {
    world.passMs(10_000);
    playRounds(world, regionsOf, 1);
    for (let moves = 0; moves < 500 && world.running().length > 0; moves += 1) {
      const now = world.running();
      const one = now[Math.floor(world.chance() * now.length)];
      if (one !== undefined) {
        world.advance(one);
      }
    }
  }
}
