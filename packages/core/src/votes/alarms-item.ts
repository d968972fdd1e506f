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
import {
  commonFields,
  isRemark,
  type PlannedPut,
  planPut,
  readFields,
  readMembers,
} from "./control-fields.ts";
import { isFresh } from "./freshness.ts";
import type { VoteSettings } from "./settings.ts";

/**
 * What an alarm that is raised says. `missing`: nobody sent its metric. That wakes people, and is no evidence: who sends
 * a metric of a region may be the one that is gone.
 */
const alarmStates = ["alarm", "missing"] as const;
export type AlarmState = (typeof alarmStates)[number];

/** An alarm that is raised. */
export interface Alarm {
  /** Whom it is about. */
  readonly of: Origin;
  /** The alarm's own name. */
  readonly name: string;
  readonly state: AlarmState;
  /** When this region heard of the state, by its own clock. */
  readonly sinceMs: number;
}

/** The alarms that a region was told of and that have not ended. */
export interface Alarms {
  readonly origin: Origin;
  readonly counter: number;
  readonly alarms: readonly Alarm[];
  readonly touchedAtMs: number;
}

export function alarmsKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "ALARMS" };
}

/** As CloudWatch names alarms. */
const alarmNameCharsMax = 255;

function splitName(name: string): { readonly of: Origin; readonly alarm: string } | undefined {
  const [prefix, text = "", ...rest] = name.split("|");
  const alarm = rest.join("|");
  return prefix === "a" && isOrigin(text) && isRemark(alarm, alarmNameCharsMax)
    ? { of: text, alarm }
    : undefined;
}

function readState(value: ItemValue): Pick<Alarm, "state" | "sinceMs"> | undefined {
  const { state, since } = readMembers(value, ["state", "since"]) ?? {};
  const known = alarmStates.find((one) => one === state);
  return known !== undefined && isCounter(since) ? { state: known, sinceMs: since } : undefined;
}

/** Reads a region's `ALARMS`. */
export function itemToAlarms(item: StoredItem): Result<Alarms, ItemNotUnderstood> {
  const read = readFields(item, "ALARMS");
  if (!read.ok) {
    return read;
  }
  const { fields, ...head } = read.value;
  const alarms: Alarm[] = [];
  for (const [name, value] of fields) {
    const parts = splitName(name);
    const state = parts === undefined ? undefined : readState(value);
    if (parts === undefined || state === undefined) {
      return err(notUnderstood(item, name, parts === undefined ? "unknown attribute" : "not a state"));
    }
    alarms.push({ of: parts.of, name: parts.alarm, ...state });
  }
  return ok({ ...head, alarms });
}

/** Writes what `itemToAlarms` reads. */
export function alarmsToItem({ origin, counter, alarms, touchedAtMs }: Alarms): StoredItem {
  return {
    ...alarmsKey(origin),
    ...commonFields(counter, touchedAtMs),
    ...Object.fromEntries(
      alarms.map(({ of, name, state, sinceMs }) => [`a|${of}|${name}`, { state, since: sinceMs }]),
    ),
  };
}

/** What an alarm has now said. */
export interface AlarmNews {
  readonly of: Origin;
  readonly name: string;
  readonly state: AlarmState | "ok";
}

/** The item after an alarm has spoken; nothing when it said the same before. What is too old to count is forgotten. */
export function planAlarm(
  me: Origin,
  alarms: readonly Alarm[],
  { of, name, state }: AlarmNews,
  step: { readonly counter: number | undefined; readonly nowMs: number; readonly settings: VoteSettings },
): PlannedPut | undefined {
  const raised = alarms.filter(({ sinceMs }) => isFresh(sinceMs, step.settings.alarmMaxMs, step.nowMs));
  const before = raised.find((alarm) => alarm.of === of && alarm.name === name);
  if ((before?.state ?? "ok") === state) {
    return undefined;
  }
  const others = raised.filter((alarm) => alarm !== before);
  const item = alarmsToItem({
    origin: me,
    counter: (step.counter ?? 0) + 1,
    alarms: state === "ok" ? others : [...others, { of, name, state, sinceMs: step.nowMs }],
    touchedAtMs: step.nowMs,
  });
  return planPut(item, step.counter);
}
