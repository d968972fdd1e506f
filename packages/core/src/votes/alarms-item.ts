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
 * What an alarm says. `missing`: nobody sent its metric. That wakes people, and is no evidence: who sends a metric of a
 * region may be the one that is gone. Of two that changed at one moment the later in this list stands.
 */
const alarmStates = ["alarm", "missing", "ok"] as const;
export type AlarmState = (typeof alarmStates)[number];

/** What an alarm has said last. One that ended is kept too: word of it that comes later than that must not raise it again. */
export interface Alarm {
  /** Whom it is about. */
  readonly of: Origin;
  /** The alarm's own name. */
  readonly name: string;
  readonly state: AlarmState;
  /** When the alarm changed, by the clock of who watches it: compared with the same alarm's other changes alone. */
  readonly changedAtMs: number;
  /** When this region heard of the state, by its own clock. */
  readonly sinceMs: number;
}

/** The alarms that a region was told of. */
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

function readState(value: ItemValue): Pick<Alarm, "state" | "changedAtMs" | "sinceMs"> | undefined {
  const { state, changedAt, since } = readMembers(value, ["state", "changedAt", "since"]) ?? {};
  const known = alarmStates.find((one) => one === state);
  return known !== undefined && isCounter(changedAt) && isCounter(since)
    ? { state: known, changedAtMs: changedAt, sinceMs: since }
    : undefined;
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
      alarms.map(({ of, name, state, changedAtMs, sinceMs }) => [
        `a|${of}|${name}`,
        { state, changedAt: changedAtMs, since: sinceMs },
      ]),
    ),
  };
}

/** What an alarm says. It may come again, late, and after what the alarm said later. */
export type AlarmNews = Omit<Alarm, "sinceMs">;

function isNewer(news: AlarmNews, known: Alarm): boolean {
  return news.changedAtMs === known.changedAtMs
    ? alarmStates.indexOf(news.state) > alarmStates.indexOf(known.state)
    : news.changedAtMs > known.changedAtMs;
}

/**
 * The item after an alarm has spoken; nothing when that is known, or older than what is. Whatever order news come in, and
 * however often, the same stands at the end.
 */
export function planAlarm(
  me: Origin,
  alarms: readonly Alarm[],
  { of, name, state, changedAtMs }: AlarmNews,
  step: { readonly counter: number | undefined; readonly nowMs: number; readonly settings: VoteSettings },
): PlannedPut | undefined {
  const before = alarms.find((alarm) => alarm.of === of && alarm.name === name);
  if (before !== undefined && !isNewer({ of, name, state, changedAtMs }, before)) {
    return undefined;
  }
  const others = alarms.filter(
    (alarm) => alarm !== before && isFresh(alarm.sinceMs, step.settings.alarmKnownMs, step.nowMs),
  );
  const item = alarmsToItem({
    origin: me,
    counter: (step.counter ?? 0) + 1,
    alarms: [...others, { of, name, state, changedAtMs, sinceMs: step.nowMs }],
    touchedAtMs: step.nowMs,
  });
  return planPut(item, step.counter);
}
