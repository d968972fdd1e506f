import type { Origin } from "../../ids/origin.ts";
import type { StoredItem } from "../../items/item.ts";
import type { AlarmNews } from "../alarms-item.ts";
import { planAlarm } from "../alarms-item.ts";
import type { Command } from "../command-item.ts";
import { planCommand } from "../commands.ts";
import type { PlannedPut } from "../control-fields.ts";
import { planPut } from "../control-fields.ts";
import { drainVoteAnswer, healthAnswer, rampedAnswer } from "../health-answers.ts";
import type { Look, observeRound } from "../observation.ts";
import { planObservations } from "../observations-item.ts";
import type { nextRound } from "../round.ts";
import type { VoteSettings } from "../settings.ts";
import { type ControlSight, readControlSight } from "../vote-view.ts";
import { itemToVotes, type RegionVotes, votesKey, votesToItem } from "../votes-item.ts";
import type { isAnswered } from "./route53.ts";
import type { Version } from "./vote-faults.ts";

/** What regions run: the rules as they are, or wrong ones that judges have to catch. */
export interface VoteRules {
  readonly settings: VoteSettings;
  readonly observe: typeof observeRound;
  readonly round: typeof nextRound;
  readonly isAnswered: typeof isAnswered;
}

/** A later version of the code reads both kinds of items, and writes its own. */
const laterRules = 2;

function asVersion(item: StoredItem, version: Version): StoredItem {
  switch (version) {
    case "same":
      return item;
    case "remarks":
      return { ...item, "x-later": "of no matter here" };
    case "later-rules":
      return { ...item, rules: laterRules };
  }
}

export interface RegionInput {
  readonly origin: Origin;
  readonly configured: readonly Origin[];
  readonly rules: VoteRules;
}

/** One region's replica of Control and its functions. Every write is handed to `send`, for the other replicas. */
export function createVoteRegion(input: RegionInput, send: (item: StoredItem) => void) {
  const { origin, configured, rules } = input;
  const replica = new Map<string, StoredItem>();
  let version: Version = "same";
  let answered: RegionVotes | undefined;
  // what was read of items that have not changed: judges look often
  let own: { readonly item: StoredItem | undefined; readonly votes: RegionVotes | undefined } | undefined;
  let seen: ControlSight | undefined;

  function store(item: StoredItem): void {
    seen = undefined;
    replica.set(`${item.pk}/${item.sk}`, item);
  }

  function understood(item: StoredItem): StoredItem {
    return version === "later-rules" && item["rules"] === laterRules ? { ...item, rules: 1 } : item;
  }

  function sight(): ControlSight {
    seen ??= readControlSight(origin, [...replica.values()].map(understood));
    return seen;
  }

  function votes(): RegionVotes | undefined {
    const { pk, sk } = votesKey(origin);
    const item = replica.get(`${pk}/${sk}`);
    if (own === undefined || own.item !== item) {
      const read = item === undefined ? undefined : itemToVotes(understood(item));
      own = { item, votes: read?.ok === true ? read.value : undefined };
    }
    return own.votes;
  }

  function write({ item, onlyIf }: PlannedPut, as: Version): void {
    const [condition] = onlyIf;
    const before = replica.get(`${item.pk}/${item.sk}`)?.["v"];
    const expected = condition?.type === "equals" ? condition.value : undefined;
    if (onlyIf.length !== 1 || before !== expected) {
      throw new Error(`a region's own item changed between reading and writing: ${item.pk} ${item.sk}`);
    }
    const written = asVersion(item, as);
    store(written);
    send(written);
  }

  return {
    origin,

    /** The newest of what arrived stays. */
    receive(item: StoredItem): void {
      const held = replica.get(`${item.pk}/${item.sk}`);
      if (held === undefined || Number(held["v"]) < Number(item["v"])) {
        store(item);
      }
    },

    runVersion(next: Version): void {
      version = next;
      seen = undefined;
      own = undefined;
    },

    sight,

    /** What the region's functions last said, newer than what Route 53 may have read. */
    votes,

    round(looks: ReadonlyMap<Origin, Look>, nowMs: number, backlogMs: number): void {
      const before = sight();
      const { settings } = rules;
      const observations = rules.observe(before.observations, looks, { nowMs, settings });
      const counter = before.ownCounters.get("OBSERVATIONS");
      write(planObservations(origin, observations, { configured, counter, nowMs }), version);
      const view = { ...before, observations, me: origin, configured, backlogMs, nowMs, settings };
      write(planPut(votesToItem(rules.round(view)), before.ownCounters.get("VOTES")), version);
    },

    hearAlarm(news: AlarmNews, nowMs: number): void {
      const { alarms, ownCounters } = sight();
      const step = { counter: ownCounters.get("ALARMS"), nowMs, settings: rules.settings };
      const plan = planAlarm(origin, alarms, news, step);
      if (plan !== undefined) {
        write(plan, version);
      }
    },

    command(said: Pick<Command, "target" | "action" | "force">, nowMs: number): Command | undefined {
      const { commands } = sight();
      const plan = planCommand({
        ...said,
        who: "alice",
        reason: "drill",
        me: origin,
        configured,
        commands,
        nowMs,
        settings: rules.settings,
      });
      if (plan.ok) {
        write(plan.value, "same");
      }
      return plan.ok ? plan.value.command : undefined;
    },

    /** The api function reads its region's votes anew. */
    refreshAnswers(): void {
      answered = votes();
    },

    isDrained: (): boolean => healthAnswer(true, answered).status === 503,

    isRamped: (nowMs: number): boolean =>
      rampedAnswer(answered, { nowMs, settings: rules.settings }).status === 200,

    votesAgainst: (target: Origin, nowMs: number): boolean =>
      drainVoteAnswer(answered, target, { nowMs, settings: rules.settings }).status === 200,
  };
}

export type VoteRegion = ReturnType<typeof createVoteRegion>;
