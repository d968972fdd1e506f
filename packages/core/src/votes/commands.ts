import { latestStamp, nextStamp, type Stamp } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import type { ItemKey } from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import {
  type Command,
  type CommandAction,
  commandKey,
  commandToItem,
  newestCommands,
} from "./command-item.ts";
import { type PlannedPut, planPut } from "./control-fields.ts";
import { isFresh } from "./freshness.ts";
import { drainsMax, type VoteSettings } from "./settings.ts";

/** What operators want of a region at a moment. */
export type RegionOrder =
  | { readonly type: "drain"; readonly command: Command }
  /** No region votes against it. */
  | { readonly type: "restore"; readonly command: Command };

export type RegionOrders = ReadonlyMap<Origin, RegionOrder>;

/**
 * The order in force on each region. A drain stands until it is taken back: an end by itself would send shoppers to a
 * region that someone is working on. A restore takes a drain back for good, and keeps votes away for a while. That
 * while is by each region's own clock against the commander's: clocks that are apart move its end by as much, and
 * where they are further apart than it is long, votes are not kept away at all.
 */
export function ordersInForce(
  commands: Iterable<Command>,
  nowMs: number,
  { restoreForMs }: VoteSettings,
): RegionOrders {
  const orders = new Map<Origin, RegionOrder>();
  for (const [target, command] of newestCommands(commands)) {
    if (command.action === "drain" || isFresh(command.stamp.ms, restoreForMs, nowMs)) {
      orders.set(target, { type: command.action, command });
    }
  }
  return orders;
}

export interface CommandStep {
  readonly me: Origin;
  readonly configured: readonly Origin[];
  /** Every command in sight, of every region. */
  readonly commands: readonly Command[];
  readonly target: Origin;
  readonly action: CommandAction;
  readonly force: boolean;
  readonly who: string;
  readonly reason: string;
  readonly nowMs: number;
  readonly settings: VoteSettings;
}

export type CommandRefusal =
  | { readonly type: "region-unknown"; readonly target: Origin }
  /** So many regions are drained by command that one more would leave fewer than `minActive`. */
  | { readonly type: "too-many-drained"; readonly drained: readonly Origin[]; readonly drainsMax: number };

export interface CommandPlan extends PlannedPut {
  readonly key: ItemKey;
  readonly command: Command;
}

/**
 * The next entry of the own region's commands. Refused by the store when another operator took its number meanwhile:
 * read again, and plan again. Where two regions take commands on one region at once, the greater stamp counts everywhere.
 */
export function planCommand(step: CommandStep): Result<CommandPlan, CommandRefusal> {
  const { me, configured, commands, target, action, force, who, reason, nowMs, settings } = step;
  if (!configured.includes(target)) {
    return err({ type: "region-unknown", target });
  }
  const drained = [...newestCommands(commands)]
    .filter(([of, command]) => of !== target && command.action === "drain" && configured.includes(of))
    .map(([of]) => of);
  const most = drainsMax(configured.length, settings);
  if (action === "drain" && !force && drained.length >= most) {
    return err({ type: "too-many-drained", drained, drainsMax: most });
  }
  let seen: Stamp | undefined;
  let number = 1;
  for (const { stamp, number: taken } of commands) {
    seen = seen === undefined ? stamp : latestStamp(seen, stamp);
    number = stamp.origin === me ? Math.max(number, taken + 1) : number;
  }
  const command: Command = { number, target, action, force, who, reason, stamp: nextStamp(seen, nowMs, me) };
  return ok({ key: commandKey(me, number), command, ...planPut(commandToItem(command), undefined) });
}
