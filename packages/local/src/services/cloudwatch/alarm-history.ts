import type { Alarm, AlarmState } from "./alarm.ts";

/** Of each region: a day of a busy drill. CloudWatch keeps two weeks. */
const itemsMax = 1_000;

export interface HistoryItem {
  readonly alarmName: string;
  readonly alarmType: "MetricAlarm" | "CompositeAlarm";
  readonly atMs: number;
  readonly type: "StateUpdate" | "Action";
  readonly summary: string;
  /** JSON text. */
  readonly data: string;
}

export interface AlarmHistory {
  changed(alarm: Alarm, before: AlarmState, after: AlarmState): void;
  acted(alarm: Alarm, topicArn: string, atMs: number): void;
  /** The latest first. */
  items(region: string): readonly HistoryItem[];
}

export function createAlarmHistory(): AlarmHistory {
  const byRegion = new Map<string, HistoryItem[]>();

  function add(alarm: Alarm, item: Omit<HistoryItem, "alarmName" | "alarmType">): void {
    const items = byRegion.get(alarm.region) ?? [];
    byRegion.set(alarm.region, items);
    items.push({ alarmName: alarm.name, alarmType: typeOf(alarm), ...item });
    if (items.length > itemsMax) items.shift();
  }

  return {
    changed(alarm, before, after) {
      const data = JSON.stringify({
        version: "1.0",
        oldState: stateData(before),
        newState: stateData(after),
      });
      const summary = `Alarm updated from ${before.value} to ${after.value}`;
      add(alarm, { atMs: after.atMs, type: "StateUpdate", summary, data });
    },
    acted(alarm, topicArn, atMs) {
      const data = JSON.stringify({ actionState: "Succeeded", notificationResource: topicArn });
      add(alarm, { atMs, type: "Action", summary: `Successfully executed action ${topicArn}`, data });
    },
    items: (region) => (byRegion.get(region) ?? []).toReversed(),
  };
}

export function typeOf({ type }: Alarm): HistoryItem["alarmType"] {
  return type === "metric" ? "MetricAlarm" : "CompositeAlarm";
}

function stateData({ value, reason, reasonData }: AlarmState) {
  const data: unknown = reasonData === undefined ? undefined : JSON.parse(reasonData);
  return { stateValue: value, stateReason: reason, ...(data === undefined ? {} : { stateReasonData: data }) };
}
