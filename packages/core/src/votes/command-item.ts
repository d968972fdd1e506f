import { compareStamps, type Stamp, stampToText, textToStamp } from "../clock/stamp.ts";
import { controlPartition } from "../control/heartbeat-item.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { type ItemKey, type ItemNotUnderstood, notUnderstood, type StoredItem } from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { commonFields, isRemark, readFields } from "./control-fields.ts";

const commandActions = ["drain", "restore"] as const;
export type CommandAction = (typeof commandActions)[number];

/** An operator's word on a region, given in any region: an entry of that one's log, never changed. */
export interface Command {
  /** From 1 in the log of the region that took it. */
  readonly number: number;
  readonly target: Origin;
  readonly action: CommandAction;
  /** Drain it though fewer than `minActive` regions may stay open. */
  readonly force: boolean;
  readonly who: string;
  readonly reason: string;
  /** Above all commands that the region had seen; its origin is the region that took the command. */
  readonly stamp: Stamp;
}

/** Characters of an operator's name, and of the reason: a sentence or two. */
export const commandWhoCharsMax = 80;
export const commandReasonCharsMax = 400;

export function commandKey(origin: Origin, number: number): ItemKey {
  return { pk: controlPartition(origin), sk: `COMMANDS#${number}` };
}

const sortKeyPattern = /^COMMANDS#([1-9][0-9]{0,14})$/;
const members: readonly string[] = ["target", "action", "force", "who", "reason", "stamp"];

/** Reads one of a region's `COMMANDS`. */
export function itemToCommand(item: StoredItem): Result<Command, ItemNotUnderstood> {
  const number = sortKeyPattern.exec(item.sk)?.[1];
  if (number === undefined) {
    return err(notUnderstood(item, "sk", "not COMMANDS#<n>"));
  }
  const read = readFields(item, item.sk);
  if (!read.ok) {
    return read;
  }
  const unknown = read.value.fields.find(([name]) => !members.includes(name));
  if (unknown !== undefined) {
    return err(notUnderstood(item, unknown[0], "unknown attribute"));
  }
  const { target, action, force, who, reason, stamp: stampText } = item;
  const known = commandActions.find((one) => one === action);
  const stamp = typeof stampText === "string" ? textToStamp(stampText) : undefined;
  if (typeof target !== "string" || !isOrigin(target)) {
    return err(notUnderstood(item, "target", "not an origin"));
  }
  if (known === undefined || typeof force !== "boolean") {
    return err(notUnderstood(item, known === undefined ? "action" : "force", "not known"));
  }
  if (!isRemark(who, commandWhoCharsMax) || !isRemark(reason, commandReasonCharsMax)) {
    return err(
      notUnderstood(item, isRemark(who, commandWhoCharsMax) ? "reason" : "who", "empty or too long"),
    );
  }
  return stamp?.ok === true && stamp.value.origin === read.value.origin
    ? ok({ number: Number(number), target, action: known, force, who, reason, stamp: stamp.value })
    : err(notUnderstood(item, "stamp", "not a stamp of this region"));
}

/** Writes what `itemToCommand` reads. */
export function commandToItem({ number, stamp, ...said }: Command): StoredItem {
  return {
    ...commandKey(stamp.origin, number),
    ...commonFields(1, stamp.ms),
    ...said,
    stamp: stampToText(stamp),
  };
}

/** The newest command on each region: the same in every region that has seen the same commands. */
export function newestCommands(commands: Iterable<Command>): ReadonlyMap<Origin, Command> {
  const newest = new Map<Origin, Command>();
  for (const command of commands) {
    const before = newest.get(command.target);
    if (before === undefined || compareStamps(command.stamp, before.stamp) > 0) {
      newest.set(command.target, command);
    }
  }
  return newest;
}
