import { type Stamp, stampToText, textToStamp } from "../clock/stamp.ts";
import { controlPartition } from "../control/heartbeat-item.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { commonFields, readFields, readMembers } from "./control-fields.ts";

/** Why a region began to vote against another one, or ended it. */
const voteReasons = {
  probes: true,
  alarm: true,
  operator: true,
  well: false,
  restored: false,
  silent: false,
} as const;
export type VoteReason = keyof typeof voteReasons;

/** How a region stands to another one against which it votes, or did lately. */
export interface Standing {
  readonly voting: boolean;
  /** When it began or ended, by the voter's clock. */
  readonly sinceMs: number;
  /** Which vote in a row it is, from 1. */
  readonly epoch: number;
  readonly why: VoteReason;
}

/**
 * A region that operators drain. `asking`: it waits until enough others have heard so and stay open. `closed`: `/health`
 * says so to Route 53. `reopened`: it is open, and its place stays taken until Route 53 has surely seen it.
 */
const closingPhases = ["asking", "closed", "reopened"] as const;

export interface Closing {
  /** The stamp of the command that it obeys. */
  readonly command: Stamp;
  readonly phase: (typeof closingPhases)[number];
  /** The own round that asked first. */
  readonly round: number;
  /** Since when it is in this phase, by its own clock. */
  readonly sinceMs: number;
}

/**
 * A region's way back. `out`: no shopper is led to it, as far as it knows. `returning`: a share of them is, from then on for
 * a while.
 */
const rampPhases = ["out", "returning"] as const;

export interface Ramp {
  readonly phase: (typeof rampPhases)[number];
  /** Since when it is in this phase, by its own clock. */
  readonly sinceMs: number;
}

/**
 * What a region says to the others, once a round, in one item: so whoever sees that it has heard of something also sees
 * what it said then.
 */
export interface RegionVotes {
  readonly origin: Origin;
  /** Its rounds, from 1. */
  readonly counter: number;
  /** When the last round was, by its own clock. */
  readonly touchedAtMs: number;
  /** The times of rounds, the last one among them: those that an echo may come for. */
  readonly atMsByRound: ReadonlyMap<number, number>;
  /** The newest round of each other region that it has seen. */
  readonly heard: ReadonlyMap<Origin, number>;
  /** ms by which its dispatchers are behind their streams. */
  readonly backlogMs: number;
  readonly standings: ReadonlyMap<Origin, Standing>;
  readonly closing?: Closing;
  readonly ramp?: Ramp;
}

export function votesKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "VOTES" };
}

function isVoteReason(value: ItemValue | undefined): value is VoteReason {
  return typeof value === "string" && Object.hasOwn(voteReasons, value);
}

function readStanding(value: ItemValue): Standing | undefined {
  const { since, epoch, why } = readMembers(value, ["since", "epoch", "why"]) ?? {};
  return isCounter(since) && isCounter(epoch) && epoch > 0 && isVoteReason(why)
    ? { voting: voteReasons[why], sinceMs: since, epoch, why }
    : undefined;
}

function readClosing(value: ItemValue): Closing | undefined {
  const { command, phase, round, since } = readMembers(value, ["command", "phase", "round", "since"]) ?? {};
  const stamp = typeof command === "string" ? textToStamp(command) : undefined;
  const known = closingPhases.find((one) => one === phase);
  return stamp?.ok === true && known !== undefined && isCounter(round) && isCounter(since)
    ? { command: stamp.value, phase: known, round, sinceMs: since }
    : undefined;
}

function readRamp(value: ItemValue): Ramp | undefined {
  const { phase, since } = readMembers(value, ["phase", "since"]) ?? {};
  const known = rampPhases.find((one) => one === phase);
  return known !== undefined && isCounter(since) ? { phase: known, sinceMs: since } : undefined;
}

interface Parts {
  readonly atMsByRound: Map<number, number>;
  readonly heard: Map<Origin, number>;
  readonly standings: Map<Origin, Standing>;
}

const roundPattern = /^[1-9][0-9]{0,14}$/;

/** Puts one attribute of a round, an echo or a vote where it belongs; false when it is none that is known. */
function readPart(parts: Parts, name: string, value: ItemValue): boolean {
  const [prefix, of] = [name.slice(0, 2), name.slice(2)];
  if (prefix === "t#" && roundPattern.test(of) && isCounter(value)) {
    parts.atMsByRound.set(Number(of), value);
    return true;
  }
  if (prefix === "h#" && isOrigin(of) && isCounter(value)) {
    parts.heard.set(of, value);
    return true;
  }
  const standing = prefix === "s#" ? readStanding(value) : undefined;
  if (standing !== undefined && isOrigin(of)) {
    parts.standings.set(of, standing);
    return true;
  }
  return false;
}

const named: ReadonlySet<string> = new Set(["backlog", "closing", "ramp"]);

/** An attribute that is there only at times, under its own name. */
function readOptional<Name extends string, Value>(
  item: StoredItem,
  name: Name,
  read: (value: ItemValue) => Value | undefined,
): Result<{ readonly [key in Name]?: Value }, ItemNotUnderstood> {
  const said = item[name];
  const value = said === undefined ? undefined : read(said);
  if (said !== undefined && value === undefined) {
    return err(notUnderstood(item, name, `not a ${name}`));
  }
  return ok(value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value }));
}

/** Reads a region's `VOTES`. */
export function itemToVotes(item: StoredItem): Result<RegionVotes, ItemNotUnderstood> {
  const read = readFields(item, "VOTES");
  if (!read.ok) {
    return read;
  }
  const { fields, ...head } = read.value;
  const parts: Parts = { atMsByRound: new Map(), heard: new Map(), standings: new Map() };
  const { backlog } = item;
  const closing = readOptional(item, "closing", readClosing);
  const ramp = readOptional(item, "ramp", readRamp);
  if (!isCounter(backlog)) {
    return err(notUnderstood(item, "backlog", "not ms"));
  }
  if (!closing.ok) {
    return closing;
  }
  if (!ramp.ok) {
    return ramp;
  }
  const unknown = fields.find(([name, value]) => !named.has(name) && !readPart(parts, name, value));
  return unknown === undefined
    ? ok({ ...head, ...parts, backlogMs: backlog, ...closing.value, ...ramp.value })
    : err(notUnderstood(item, unknown[0], "unknown attribute, or not what it holds"));
}

/** Writes what `itemToVotes` reads. */
export function votesToItem(votes: RegionVotes): StoredItem {
  const { origin, counter, touchedAtMs, atMsByRound, heard, backlogMs, standings, closing, ramp } = votes;
  return {
    ...votesKey(origin),
    ...commonFields(counter, touchedAtMs),
    backlog: backlogMs,
    ...Object.fromEntries([...atMsByRound].map(([round, atMs]) => [`t#${round}`, atMs])),
    ...Object.fromEntries([...heard].map(([of, round]) => [`h#${of}`, round])),
    ...Object.fromEntries(
      [...standings].map(([of, { sinceMs, epoch, why }]) => [`s#${of}`, { since: sinceMs, epoch, why }]),
    ),
    ...(closing === undefined
      ? {}
      : {
          closing: {
            command: stampToText(closing.command),
            phase: closing.phase,
            round: closing.round,
            since: closing.sinceMs,
          },
        }),
    ...(ramp === undefined ? {} : { ramp: { phase: ramp.phase, since: ramp.sinceMs } }),
  };
}
