import { type Origin, originRegion } from "../../ids/origin.ts";
import type { ItemKey, StoredItem } from "../../items/item.ts";
import { keyOfWrite } from "../../items/write-form.ts";
import type { TransactionWrite } from "../../ports/items.ts";
import { chanceFrom } from "../../testing/chance.ts";
import { allHold } from "../../testing/item-changes.ts";
import { commandToItem, newestCommands } from "../../votes/command-item.ts";
import { defaultVoteSettings as voteSettings } from "../../votes/settings.ts";
import { commandOf, four } from "../../votes/testing/vote-data.ts";
import { type Standing, votesToItem } from "../../votes/votes-item.ts";
import { type FailoverPair, failoverPair, type OriginOrder } from "../desired.ts";
import { type Move, planMove, type Run, type StepOutcome } from "../move.ts";
import { dueNews } from "../news.ts";
import type { ActionStep, FailoverRecord } from "../record.ts";
import { defaultFailoverSettings as settings } from "../settings.ts";
import { drainsOf, type FailoverTask, type FailoverView, readFailoverSight } from "../sight.ts";
import { wantedOf } from "../wanted.ts";

/*
 * Four regions' items of Control, the invocations that run at them move by move, and the control planes that they change.
 * The votes are the schedule's: what a region says against whom.
 */

const partnerOf: Readonly<Record<string, string>> = {
  "us-east-1": "eu-west-1",
  "eu-west-1": "us-east-1",
  "ap-south-1": "ap-east-1",
  "ap-east-1": "ap-south-1",
};
export const pairRegions = four.map(originRegion).map((name) => ({ name, partner: partnerOf[name] ?? "" }));

export const regionsOf = four;
export const settingsOf = settings;

interface Region {
  readonly origin: Origin;
  /** Everything of Control as this replica has it, by key. */
  readonly items: Map<string, StoredItem>;
  clockOffsetMs: number;
  round: number;
  readonly standings: Map<Origin, Standing>;
  readonly times: Map<number, number>;
}

export interface Invocation {
  readonly at: Origin;
  readonly task: FailoverTask;
  readonly startedMs: number;
  /** When it last looked. */
  readMs: number;
  phase: "read" | "put" | "act" | "ended";
  run: Run;
  move?: Move;
  step?: ActionStep;
}

/** Something that was done outside. */
export interface Action {
  readonly at: Origin;
  readonly record: FailoverRecord;
  readonly step: ActionStep;
}

const keyOf = ({ pk, sk }: ItemKey) => `${pk} ${sk}`;

/** Makes these writes, if each one's conditions hold: puts and checks, as one transaction. */
function transact(items: Map<string, StoredItem>, writes: readonly TransactionWrite[]): boolean {
  const isAllowed = writes.every(
    (write) => write.type !== "update" && allHold(write.onlyIf, items.get(keyOf(keyOfWrite(write)))),
  );
  for (const write of isAllowed ? writes : []) {
    if (write.type === "put") {
      items.set(keyOf(write.item), write.item);
    }
  }
  return isAllowed;
}

/** A change of the machine that the law must catch: what is written instead of what was planned. */
export interface WrongWrites {
  readonly writes: (planned: readonly TransactionWrite[]) => readonly TransactionWrite[];
}

const nothingWrong: WrongWrites = { writes: (planned) => planned };

/** An invocation's own time, of which Lambda gives so much. */
const functionMs = 240_000;

export function createFailoverWorld(seed: number, wrong = nothingWrong) {
  const chance = chanceFrom(seed);
  let nowMs = 10_000_000;
  let runs = 0;
  let commands = 0;
  let changes = 0;
  const regions = new Map<Origin, Region>(
    four.map((origin) => [
      origin,
      { origin, items: new Map(), clockOffsetMs: 0, round: 0, standings: new Map(), times: new Map() },
    ]),
  );
  const cuts = new Set<string>();
  const refusing = new Set<ActionStep>();
  const invocations: Invocation[] = [];
  const actions: Action[] = [];
  const faults: string[] = [];
  const planes: { pair?: FailoverPair; order?: OriginOrder } = {};

  const regionOf = (origin: Origin): Region => {
    const region = regions.get(origin);
    if (region === undefined) {
      throw new Error(`no region ${origin}`);
    }
    return region;
  };
  const clockMs = (origin: Origin) => nowMs + regionOf(origin).clockOffsetMs;

  function viewOf(me: Origin): FailoverView {
    const sight = readFailoverSight(me, [...regionOf(me).items.values()]);
    return { ...sight, me, configured: four, nowMs: clockMs(me), settings, voteSettings };
  }

  function replicate(from: Origin, to: Origin): void {
    if (from === to || cuts.has(`${from}>${to}`)) {
      return;
    }
    for (const item of regionOf(from).items.values()) {
      if (item.pk === `REGION#${from}`) {
        regionOf(to).items.set(keyOf(item), item);
      }
    }
  }

  /** One round of a region: it says whom it votes against and whom it has heard, and what its functions are told. */
  function round(me: Origin): readonly FailoverTask[] {
    const region = regionOf(me);
    region.round += 1;
    region.times.set(region.round, clockMs(me));
    const { heard } = viewOf(me);
    const item = votesToItem({
      origin: me,
      counter: region.round,
      touchedAtMs: clockMs(me),
      atMsByRound: new Map([...region.times].slice(-voteSettings.roundsKept)),
      heard: new Map(
        [...heard].flatMap(([of, said]) =>
          of === me || said.type !== "said" ? [] : [[of, said.votes.counter] as const],
        ),
      ),
      backlogMs: 0,
      standings: region.standings,
    });
    region.items.set(keyOf(item), item);
    return dueNews(viewOf(me)).map(({ task }) => task);
  }

  function vote(voter: Origin, target: Origin, voting: boolean, why: Standing["why"]): void {
    const { standings } = regionOf(voter);
    const before = standings.get(target);
    if (voter !== target && (before?.voting ?? false) !== voting) {
      const epoch = (before?.epoch ?? 0) + (voting ? 1 : 0);
      standings.set(target, { voting, sinceMs: clockMs(voter), epoch, why });
    }
  }

  /** As where its code is taken back to one that cannot read whom it votes against. */
  function forget(voter: Origin, target: Origin): void {
    regionOf(voter).standings.delete(target);
  }

  function command(by: Origin, target: Origin, action: "drain" | "restore"): void {
    commands += 1;
    const item = commandToItem(commandOf(target, action, { by, ms: nowMs + commands, number: commands }));
    regionOf(by).items.set(keyOf(item), item);
  }

  function invoke(at: Origin, task: FailoverTask): Invocation {
    runs += 1;
    const run: Run = { id: `run-${runs}`, timeLeftMs: functionMs, chance: chance() };
    const invocation: Invocation = { at, task, startedMs: nowMs, readMs: nowMs, phase: "read", run };
    invocations.push(invocation);
    return invocation;
  }

  /** What the step does outside: level-triggered, from what the record says is drained and what is in sight. */
  function act({ record, step }: Action): StepOutcome {
    if (refusing.has(step)) {
      return { state: "failed", note: "refused" };
    }
    if (step === "names") {
      const pair = failoverPair(pairRegions, record.drained);
      if (planes.pair?.primary === pair?.primary && planes.pair?.secondary === pair?.secondary) {
        return { state: "done", note: "as it was" };
      }
      changes += 1;
      Object.assign(planes, { pair });
      return { state: "done", note: "changed", ref: `change-${changes}` };
    }
    if (step === "edge") {
      planes.order = record.order;
    }
    return { state: "done", note: "done" };
  }

  function judge(action: Action, invocation: Invocation): void {
    const { at, record, step } = action;
    const where = `${at} ${record.kind} ${record.target} ${step}`;
    const twice = actions.some(
      (one) =>
        one.at === at &&
        one.step === step &&
        one.record.kind === record.kind &&
        one.record.target === record.target &&
        one.record.drainId === record.drainId &&
        one.record.attempt === record.attempt,
    );
    const besides = invocations.some(
      (one) =>
        one !== invocation && one.at === at && one.phase === "act" && one.task.target === record.target,
    );
    faults.push(...(twice ? [`${where}: twice in attempt ${record.attempt}`] : []));
    faults.push(...(besides ? [`${where}: two at once`] : []));
  }

  function put(invocation: Invocation, move: Extract<Move, { type: "write" }>): void {
    const { items } = regionOf(invocation.at);
    if (!transact(items, wrong.writes(move.writes))) {
      invocation.phase = "ended";
      return;
    }
    invocation.phase = move.step === undefined ? "ended" : "act";
    if (move.step !== undefined) {
      invocation.step = move.step;
      const action = { at: invocation.at, record: move.record, step: move.step };
      judge(action, invocation);
      actions.push(action);
    }
  }

  /** One move of an invocation: it reads and plans, or writes, or does its step. Other things may come in between. */
  function advance(invocation: Invocation): void {
    const { at, task, phase, run } = invocation;
    if (phase === "read") {
      invocation.readMs = nowMs;
      const view = viewOf(at);
      const timeLeftMs = functionMs - (nowMs - invocation.startedMs);
      const move = planMove(view, task, { ...run, timeLeftMs });
      const named = move.type === "write" ? move.step : undefined;
      if (named !== undefined && wantedOf(view, task) === undefined) {
        faults.push(`${at} ${task.kind} ${task.target} ${named}: not wanted any more`);
      }
      if (named !== undefined && drainsOf(view).has(at)) {
        faults.push(`${at} runs while it is drained`);
      }
      Object.assign(invocation, move.type === "rest" ? { phase: "ended" } : { move, phase: "put" });
    } else if (phase === "put" && invocation.move?.type === "write") {
      put(invocation, invocation.move);
    } else if (phase === "act" && invocation.move?.type === "write" && invocation.step !== undefined) {
      const outcome = act({ at, record: invocation.move.record, step: invocation.step });
      Object.assign(invocation, {
        phase: "read",
        run: { ...run, done: { step: invocation.step, outcome } },
      });
    }
  }

  return {
    faults,
    actions,
    planes,
    cuts,
    refusing,
    viewOf,
    replicate,
    round,
    vote,
    forget,
    command,
    invoke,
    advance,
    chance,
    passMs(ms: number) {
      nowMs += ms;
      // steps and writes are bounded: whoever has not come to an end of one within its lease has died
      for (const one of invocations.filter(({ readMs }) => nowMs - readMs >= settings.leaseMs)) {
        one.phase = "ended";
      }
    },
    setClock(origin: Origin, offsetMs: number) {
      regionOf(origin).clockOffsetMs = offsetMs;
    },
    orderOn: (target: Origin) =>
      newestCommands(four.flatMap((origin) => viewOf(origin).commands)).get(target)?.action,
    votedAgainst: () =>
      four.filter((target) => four.some((by) => regionOf(by).standings.get(target)?.voting === true)),
    running: () => invocations.filter(({ phase }) => phase !== "ended"),
    records: () => four.flatMap((origin) => viewOf(origin).records.filter((one) => one.origin === origin)),
  };
}

export type FailoverWorld = ReturnType<typeof createFailoverWorld>;
