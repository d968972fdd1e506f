import { describe, expect, test } from "vitest";
import type { Origin } from "../ids/origin.ts";
import type { Drain } from "../votes/drained.ts";
import { defaultVoteSettings } from "../votes/settings.ts";
import {
  commandOf,
  eu,
  failing,
  four,
  heardFrom,
  hk,
  nowMs,
  standing,
  us,
  viewOf,
  votesOf,
} from "../votes/testing/vote-data.ts";
import { failoverPair, originOrder } from "./desired.ts";
import { drainIdOf } from "./drain-id.ts";
import { evidenceNote, gatesNote, voteNote } from "./facts.ts";
import { planMove, type Run, type StepOutcome } from "./move.ts";
import { dueNews, taskOf } from "./news.ts";
import { type ActionStep, actionSteps, type FailoverRecord, noteCharsMax, noteOf } from "./record.ts";
import { defaultFailoverSettings, retryAfterMs } from "./settings.ts";
import type { FailoverView } from "./sight.ts";
import { pairRegions } from "./testing/failover-world.ts";
import { wantedOf } from "./wanted.ts";

const votes: Drain = { type: "votes", voters: four.filter((one) => one !== eu) };
const operator: Drain = { type: "operator", sinceMs: 1 };

/** What a region sees while all others vote against eu-west-1. */
function drainedView(changed: Partial<FailoverView> = {}): FailoverView {
  const against = new Map([[eu, standing()]]);
  const {
    settings: _,
    backlogMs: __,
    ...seen
  } = viewOf({
    heard: heardFrom(...four.map((one) => votesOf(one, one === eu ? {} : { standings: against }))),
    observations: new Map([[eu, { ...failing, reason: "status 503" }]]),
  });
  return {
    ...seen,
    records: [],
    recordCounters: new Map(),
    rounds: new Map(four.map((one) => [one, 9])),
    settings: defaultFailoverSettings,
    voteSettings: defaultVoteSettings,
    ...changed,
  };
}

const south = four[2] ?? us;

/** What the first region after eu-west-1 did about a drain that is over. */
const record = (target: Origin, changed: Partial<FailoverRecord> = {}): FailoverRecord => ({
  origin: south,
  kind: "failover",
  target,
  counter: 3,
  touchedAtMs: nowMs,
  drainId: `the drain of ${target}`,
  drained: [target],
  order: "alternate-first",
  seenAtMs: nowMs,
  outcome: "left",
  attempt: 1,
  holder: "run-0",
  leaseUntilMs: 0,
  retryAtMs: 0,
  steps: new Map(),
  covered: new Map(),
  rounds: new Map(),
  ...changed,
});

const run: Run = { id: "run-1", timeLeftMs: 200_000, chance: 0 };

describe("a drain's id", () => {
  test("is the same whatever the order in which votes are seen, and another when a vote begins anew", () => {
    const id = drainIdOf(drainedView(), eu, votes);
    expect(id).toMatch(/^votes ap-east-1#1@\d+ ap-south-1#1@\d+ us-east-1#1@\d+$/);
    expect(drainIdOf(drainedView(), eu, { ...votes, voters: [...votes.voters].reverse() })).toBe(id);
    const { heard } = drainedView();
    const later = new Map(heard).set(us, {
      type: "said",
      votes: votesOf(us, { standings: new Map([[eu, standing({ sinceMs: nowMs })]]) }),
    });
    expect(drainIdOf(drainedView({ heard: later }), eu, votes)).not.toBe(id);
  });

  test("is the command's, whether its votes or its closing came first, and is waited for", () => {
    const command = commandOf(eu, "drain");
    const commanded = drainedView({ commands: [command] });
    expect(drainIdOf(commanded, eu, votes)).toBe("operator 000000010000000-00000-eu-west-1#1");
    expect(drainIdOf(commanded, eu, operator)).toBe(drainIdOf(commanded, eu, votes));
    const byWord = new Map(four.map((one) => [one, standing({ why: "operator" })] as const));
    const heard = heardFrom(...four.map((one) => votesOf(one, { standings: byWord })));
    expect(drainIdOf(drainedView({ heard }), eu, votes)).toBeUndefined();
  });
});

describe("a drain's id, where an operator's drain stands again", () => {
  const first = "operator 000000010000000-00000-eu-west-1#1";
  const people = new Map([["people", { state: "begun", attempt: 1, atMs: nowMs, note: "begun" }] as const]);
  const failover = record(eu, { drainId: first, outcome: "completed" });
  const recovery = record(eu, {
    kind: "recovery",
    drainId: first,
    steps: people,
    rounds: new Map([[us, 9]]),
  });
  const idOf = (...records: readonly FailoverRecord[]) =>
    drainIdOf(drainedView({ commands: [commandOf(eu, "drain")], records }), eu, votes);

  test("is another one once people were told of its end, by the first who sees it so late", () => {
    expect(idOf(failover)).toBe(first);
    expect(idOf(failover, { ...recovery, steps: new Map() })).toBe(first);
    expect(idOf(failover, recovery)).toBe(`${first} resumed 1`);
    expect(idOf(failover, { ...recovery, rounds: new Map([[us, 10]]) })).toBe(first);
    expect(idOf(failover, { ...recovery, rounds: new Map([[eu, 10]]) })).toBe(`${first} resumed 1`);
  });

  test("is what others have named it, whatever is in sight here", () => {
    const again = record(eu, { origin: hk, drainId: `${first} resumed 1` });
    expect(idOf(again, { ...recovery, rounds: new Map([[us, 10]]) })).toBe(`${first} resumed 1`);
    expect(idOf(again, recovery)).toBe(`${first} resumed 1`);
    expect(idOf(again, { ...recovery, drainId: again.drainId })).toBe(`${first} resumed 2`);
    expect(idOf({ ...again, drainId: `${again.drainId}0` }, recovery)).toBe(`${first} resumed 10`);
    expect(idOf({ ...again, target: hk }, { ...again, drainId: "votes x resumed 4" })).toBe(first);
  });

  test("is another one where its end was that of another drain's record too", () => {
    const ended = { ...recovery, drainId: "the drain before" };
    expect(idOf(failover, ended)).toBe(first);
    expect(idOf(failover, { ...ended, covered: new Map([[south, failover.counter - 1]]) })).toBe(first);
    expect(idOf(failover, { ...ended, covered: new Map([[south, failover.counter]]) })).toBe(
      `${first} resumed 1`,
    );
  });

  test("is the last one's where its end is told, whatever the own record says", () => {
    const again = record(eu, { origin: hk, drainId: `${first} resumed 1` });
    const heard = heardFrom(...four.map((one) => votesOf(one)));
    const endOf = (...records: readonly FailoverRecord[]) =>
      wantedOf(drainedView({ me: south, heard, records }), { kind: "recovery", target: eu })?.drainId;
    expect(endOf(failover, again)).toBe(again.drainId);
    expect(endOf(failover, { ...again, drainId: "another one" })).toBe(first);
    expect(endOf({ ...failover, rounds: new Map([[us, 10]]) })).toBeUndefined();
  });
});

describe("what the control planes should say", () => {
  test("leads the pair past regions that are drained, in the order of preference", () => {
    const pair = (...drained: typeof four) => failoverPair(pairRegions, drained);
    expect(pair()).toEqual({ primary: "us-east-1", secondary: "eu-west-1" });
    expect(pair(us)).toEqual({ primary: "eu-west-1", secondary: "ap-south-1" });
    expect(pair(eu)).toEqual({ primary: "us-east-1", secondary: "ap-south-1" });
    expect(pair(us, eu)).toEqual({ primary: "ap-south-1", secondary: "ap-east-1" });
    expect(pair(hk)).toEqual(pair());
    expect(failoverPair(pairRegions.slice(0, 1), [])).toBeUndefined();
  });

  test("asks the alternate origin first while a drain by votes stands", () => {
    expect(originOrder(new Map(), [])).toBe("nearest-first");
    expect(originOrder(new Map([[eu, operator]]), [])).toBe("nearest-first");
    expect(
      originOrder(
        new Map<Origin, Drain>([
          [us, operator],
          [eu, votes],
        ]),
        [commandOf(us, "drain")],
      ),
    ).toBe("alternate-first");
    // all others vote for an operator's drain before its region has closed
    expect(originOrder(new Map([[eu, votes]]), [commandOf(eu, "drain")])).toBe("nearest-first");
  });
});

describe("the first region after the drained one", () => {
  const asSouth = () => {
    const view = drainedView({ me: south });
    return { ...view, observations: new Map() };
  };
  const task = { kind: "failover", target: eu } as const;

  test("begins at once, writes down why, and goes to its first step", () => {
    const move = planMove(asSouth(), task, run);
    expect(move).toMatchObject({
      type: "write",
      step: "data-plane",
      record: { outcome: "running", attempt: 1 },
    });
    expect(dueNews(asSouth()).map(({ news }) => news)).toMatchObject([
      { type: "region-drained", of: "eu-west-1" },
    ]);
  });

  test("waits while its own recovery of the same region is at a step, and no longer than that may take", () => {
    const begun = planMove(asSouth(), task, run);
    const failover = begun.type === "write" ? begun.record : undefined;
    const recovery = failover === undefined ? [] : [{ ...failover, kind: "recovery" as const }];
    const at = (ms: number, records: FailoverView["records"]): FailoverView => ({
      ...asSouth(),
      records,
      nowMs: nowMs + ms,
      voteSettings: { ...defaultVoteSettings, echoMaxMs: 10_000_000 },
    });
    const { leaseMs } = defaultFailoverSettings;
    expect(planMove(at(leaseMs - 1, recovery), task, run)).toEqual({ type: "rest", why: "held" });
    expect(dueNews(at(leaseMs - 1, recovery))).toEqual([]);
    expect(planMove(at(leaseMs, recovery), task, run)).toMatchObject({ step: "data-plane" });
    const ended = recovery.map((record) => ({ ...record, outcome: "left" as const }));
    expect(planMove(at(1, ended), task, run)).toMatchObject({ step: "data-plane" });
    const elsewhere = recovery.map((record) => ({ ...record, origin: us }));
    expect(planMove(at(1, elsewhere), task, run)).toMatchObject({ step: "data-plane" });
  });

  test("begins on the condition that the record of the other kind is as it was read too", () => {
    const key = { pk: `REGION#${south}`, sk: `RECOVERIES#${eu}` };
    const checkOf = (view: FailoverView) => {
      const move = planMove(view, task, run);
      return move.type === "write" ? move.writes.filter(({ type }) => type === "check") : [];
    };
    const check = { type: "check", table: "Control", key };
    expect(checkOf(asSouth())).toEqual([{ ...check, onlyIf: [{ type: "absent", attribute: "v" }] }]);
    const recordCounters = new Map([[key.sk, 7]]); // of a version that is not understood, it may be
    expect(checkOf({ ...asSouth(), recordCounters })).toEqual([
      { ...check, onlyIf: [{ type: "equals", attribute: "v", value: 7 }] },
    ]);
  });

  test("does no more once it was away for longer than its lease, and the other kind has begun", () => {
    const begun = planMove(asSouth(), task, run);
    const own = begun.type === "write" ? begun.record : undefined;
    const done = { step: "data-plane", outcome: { state: "done", note: "seen" } } as const;
    const back = (other: Partial<FailoverRecord>) => {
      const records = own === undefined ? [] : [own, { ...own, kind: "recovery" as const, ...other }];
      return planMove({ ...asSouth(), records }, task, { ...run, done });
    };
    expect(back({ outcome: "left" })).toMatchObject({ type: "write", step: "people" });
    expect(back({ holder: "run-2" })).toEqual({ type: "rest", why: "held" });
  });

  /** An attempt from its beginning to its end: the steps that it did, and the record that it left. */
  function attempt(outcomeOf: (step: ActionStep) => StepOutcome, before?: FailoverRecord) {
    const nowAtMs = Math.max(nowMs, before?.retryAtMs ?? 0);
    const voteSettings = { ...defaultVoteSettings, echoMaxMs: 10_000_000 };
    const steps: ActionStep[] = [];
    let record = before;
    let done: Run["done"];
    for (let moves = 0; moves < 20; moves += 1) {
      const records = record === undefined ? [] : [record];
      const view = { ...asSouth(), records, nowMs: nowAtMs, voteSettings };
      const move = planMove(view, task, done === undefined ? run : { ...run, done });
      if (move.type === "rest" || move.step === undefined) {
        return { steps, record: move.type === "rest" ? record : move.record };
      }
      record = move.record;
      steps.push(move.step);
      done = { step: move.step, outcome: outcomeOf(move.step) };
    }
    throw new Error("it did not end");
  }

  test("looks at all again in another attempt, but tells nobody twice, and waits for no change twice", () => {
    const naming = (ref: string | undefined) => (step: ActionStep) => ({
      state: step === "edge" ? ("failed" as const) : ("done" as const),
      note: "seen",
      ...(step === "names" && ref !== undefined ? { ref } : {}),
    });
    const first = attempt(naming("C1"));
    expect(first.steps).toEqual(actionSteps);
    const second = attempt(naming(undefined), first.record);
    expect(second.steps).toEqual(["data-plane", "names", "edge", "verify"]);
    expect(second.record?.steps.get("names")).toMatchObject({ attempt: 2, ref: "C1" });
    const third = attempt(naming("C2"), second.record);
    expect(third.steps).toEqual(["data-plane", "names", "names-sync", "edge", "verify"]);
    expect(third.record).toMatchObject({ attempt: 3, outcome: "pending" });
  });

  test("others write down since when they know, and wait for their turn", () => {
    const view = drainedView();
    const move = planMove(view, task, run);
    expect(move).toMatchObject({
      type: "write",
      record: { outcome: "waiting", attempt: 0, seenAtMs: nowMs },
    });
    expect(move.type === "write" ? move.step : "none").toBeUndefined();
    const record = move.type === "write" ? move.record : undefined;
    const at = (ms: number): FailoverView =>
      drainedView({
        records: record === undefined ? [] : [record],
        recordCounters: new Map([["FAILOVERS#eu-west-1#1", 1]]),
        nowMs: nowMs + ms,
        voteSettings: { ...defaultVoteSettings, echoMaxMs: 10_000_000 },
      });
    const { takeOverMs } = defaultFailoverSettings;
    expect(planMove(at(2 * takeOverMs - 1), task, run)).toEqual({ type: "rest", why: "not-its-turn" });
    expect(planMove(at(2 * takeOverMs), task, run)).toMatchObject({ step: "data-plane" });
  });

  test("runs though operators have forced out all others, while one of those hears it", () => {
    const forced = [us, eu, hk].map((one) => commandOf(one, "drain", { force: true }));
    const closed = ({ stamp }: (typeof forced)[number]) =>
      ({ command: stamp, phase: "closed", round: 1, sinceMs: nowMs }) as const;
    const alone = (heardBy: readonly Origin[]): FailoverView => ({
      ...asSouth(),
      commands: forced,
      heard: heardFrom(
        votesOf(south),
        ...forced.map((command) =>
          votesOf(command.target, {
            closing: closed(command),
            ...(heardBy.includes(command.target) ? {} : { heard: new Map() }),
          }),
        ),
      ),
    });
    expect(planMove(alone([hk]), task, run)).toMatchObject({ step: "data-plane" });
    expect(planMove(alone([eu]), task, run)).toEqual({ type: "rest", why: "not-fit" });
    expect(planMove({ ...alone([hk]), me: hk }, task, run)).toEqual({ type: "rest", why: "not-fit" });
  });

  test("does nothing while it is cut off, whatever it has seen before", () => {
    const silent = { ...asSouth(), nowMs: nowMs + defaultVoteSettings.echoMaxMs };
    expect(planMove(silent, task, run)).toEqual({ type: "rest", why: "not-fit" });
  });
});

describe("the end of a drain while another one stands", () => {
  const recovery = { kind: "recovery", target: eu } as const;
  const against = new Map([[us, standing()]]);
  const heard = heardFrom(...four.map((one) => votesOf(one, one === us ? {} : { standings: against })));
  const move = (...records: readonly FailoverRecord[]) =>
    planMove(drainedView({ me: south, heard, records }), recovery, run);

  test("waits until somebody has begun what is to be done about the other one, whose end is recovered then", () => {
    expect(move(record(eu))).toEqual({ type: "rest", why: "not-yet" });
    expect(move(record(eu), record(us, { attempt: 0 }))).toEqual({ type: "rest", why: "not-yet" });
    const begun = record(us, { origin: hk, outcome: "running" });
    expect(move(record(eu), begun)).toMatchObject({ step: "data-plane", record: { drained: [us] } });
  });

  test("is put off where the other one comes while it is under way", () => {
    const own = record(eu, { kind: "recovery", outcome: "running", holder: run.id, drained: [] });
    const left = move(record(eu), own);
    expect(left).toMatchObject({ record: { outcome: "pending", leaseUntilMs: 0, retryAtMs: nowMs } });
    expect(left.type === "write" ? left.step : "none").toBeUndefined();
  });
});

describe("a record of another drain than the one before", () => {
  const nobody = new Map([[us, standing({ voting: false, why: "well" })]]);
  const heard = heardFrom(...four.map((one) => votesOf(one, one === us ? {} : { standings: nobody })));
  const recovery = { kind: "recovery", target: eu } as const;
  const ended = record(eu, { kind: "recovery", outcome: "completed", covered: new Map([[us, 9]]) });

  test("of a recovery keeps what is ended, so that it is not ended again", () => {
    const later = record(eu, { origin: hk, counter: 5, drainId: "a later drain" });
    const view = drainedView({ me: south, heard, records: [record(eu), ended, later] });
    const begun = planMove(view, recovery, run);
    const replaced = begun.type === "write" ? begun.record : ended;
    const covered = new Map([
      [us, 9],
      [south, 3],
    ]);
    expect(replaced).toMatchObject({ drainId: "a later drain", attempt: 1, covered });
    expect(wantedOf({ ...view, records: [record(eu), replaced, later] }, recovery)?.drainId).toBe(
      "a later drain",
    );
  });

  test("of a failover keeps that something was done which nobody has taken back", () => {
    const failover = { kind: "failover", target: eu } as const;
    const first = (...records: readonly FailoverRecord[]) => {
      const move = planMove(drainedView({ me: south, records }), failover, run);
      return move.type === "write" ? move.record : undefined;
    };
    expect(first(record(eu))).toMatchObject({ outcome: "running", attempt: 2 });
    expect(first(record(eu), ended)).toMatchObject({ outcome: "running", attempt: 1 });
  });
});

describe("notes", () => {
  test("say why, who, and what the gates were", () => {
    const view = drainedView({ alarms: [] });
    expect(evidenceNote(view, eu)).toBe(
      "us-east-1#1: probes; ap-south-1#1: probes; ap-east-1#1: probes; 3 looks from here failed; the last failure was status 503",
    );
    expect(voteNote(view, eu)).toContain("us-east-1#1 since 1970-01-01T02:44:40.000Z, vote 1 in a row");
    expect(evidenceNote({ ...view, commands: [commandOf(eu, "drain")] }, eu)).toBe("operator alice: a drill");
    const ended = new Map([[eu, standing({ voting: false, why: "well", epoch: 2 })]]);
    const restored = { ...view, heard: heardFrom(votesOf(us, { standings: ended }), votesOf(eu)) };
    expect(gatesNote(restored, eu)).toBe(
      "us-east-1#1 ended its vote: well, after a hold of 240 s at least; replication to it is caught up, its resolvers are 0 ms behind",
    );
  });

  test("are bounded, and bear any clock", () => {
    expect(noteOf("x".repeat(1_000))).toHaveLength(noteCharsMax);
    expect(noteOf("")).not.toBe("");
    const wild = new Map([[eu, standing({ sinceMs: Number.MAX_SAFE_INTEGER })]]);
    const heard = heardFrom(votesOf(us, { standings: wild }));
    expect(voteNote(drainedView({ heard }), eu)).toContain("9007199254740991 ms");
  });
});

test("another attempt is waited for twice as long each time, up to a quarter of an hour", () => {
  const settings = defaultFailoverSettings;
  expect([1, 2, 3].map((attempt) => retryAfterMs(attempt, 1, settings))).toEqual([30_000, 60_000, 120_000]);
  expect(retryAfterMs(50, 1, settings)).toBe(900_000);
  expect(retryAfterMs(50, 0, settings)).toBe(450_000);
});

test("news names a region that is configured, or nothing is done", () => {
  const news = { type: "region-restored", of: "eu-west-1", drainId: "x" } as const;
  expect(taskOf(news, four)).toEqual({ kind: "recovery", target: eu });
  expect(taskOf({ ...news, of: "mars" }, four)).toBeUndefined();
});
