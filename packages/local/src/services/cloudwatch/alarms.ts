import type { Scheduler } from "../../links/scheduler.ts";
import type { Alarm, AlarmState, AlarmStateValue, CompositeAlarm } from "./alarm.ts";
import type { AlarmStateChange, TriggeringChild } from "./alarm-change.ts";
import { messageOf, subjectOf } from "./alarm-change.ts";
import { type AlarmHistory, createAlarmHistory } from "./alarm-history.ts";
import { initialReason } from "./alarm-reasons.ts";
import { childrenOf, holds, nameOfAlarm } from "./composite-rule.ts";
import { judgeMetric } from "./judge-metric.ts";
import type { MetricsStore } from "./metrics-store.ts";
import { createSuppression, type Suppression } from "./suppression.ts";
import { longTime, timestampText } from "./wording.ts";

export interface TopicMessage {
  /** The alarm whose action it is. */
  readonly alarmArn: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
}

export interface AlarmsOptions {
  readonly store: Pick<MetricsStore, "read">;
  readonly scheduler: Scheduler;
  /** The alarm's action: a message for a topic. */
  readonly publishToTopic: (message: TopicMessage) => void;
  /** Told of every change, for the region's event bus. */
  readonly onAlarmStateChange: (change: AlarmStateChange) => void;
}

export interface AlarmRecord {
  readonly alarm: Alarm;
  readonly state: AlarmState;
  readonly configuredAtMs: number;
  /** When it came into its present state. */
  readonly transitionedAtMs: number;
}

export interface Alarms {
  /** New alarms of any regions: in INSUFFICIENT_DATA, and composite ones then as their rules say. Children come with them. */
  add(alarms: readonly Alarm[]): void;
  /** Judges the metric alarms of a region: all of them at a whole minute, else those with shorter periods. */
  judge(region: string, atWholeMinute: boolean): void;
  /** Puts an alarm into a state until it is judged again. Nothing for one that does not exist. */
  set(region: string, name: string, state: Omit<AlarmState, "atMs">): AlarmRecord | undefined;
  of(region: string): readonly AlarmRecord[];
  readonly history: Pick<AlarmHistory, "items">;
}

interface Kept {
  readonly alarm: Alarm;
  state: AlarmState;
  readonly configuredAtMs: number;
  transitionedAtMs: number;
  /** The change whose actions are held back. */
  held: AlarmStateChange | undefined;
  /** The last state that actions told of. */
  told: AlarmStateValue;
  suppression: Suppression | undefined;
}

export function createAlarms(options: AlarmsOptions): Alarms {
  const { store, scheduler } = options;
  const history = createAlarmHistory();
  const regions = new Map<string, Map<string, Kept>>();
  const regionOf = (region: string) => regions.get(region) ?? new Map<string, Kept>();
  const stateOf = (region: string, alarm: string): AlarmStateValue =>
    regionOf(region).get(nameOfAlarm(alarm))?.state.value ?? "INSUFFICIENT_DATA";

  function keep(alarm: Alarm): Kept {
    const nowMs = scheduler.now();
    const state: AlarmState = { value: "INSUFFICIENT_DATA", reason: initialReason, atMs: nowMs };
    const kept: Kept = {
      alarm,
      state,
      configuredAtMs: nowMs,
      transitionedAtMs: nowMs,
      held: undefined,
      told: state.value,
      suppression: undefined,
    };
    const suppressor = alarm.type === "composite" ? alarm.suppressor : undefined;
    if (suppressor !== undefined) {
      kept.suppression = createSuppression({
        suppressor,
        scheduler,
        suppressorState: () => stateOf(alarm.region, suppressor.name),
        onChange: (by) => suppressionChanged(kept, by),
      });
    }
    regions.set(alarm.region, regionOf(alarm.region).set(alarm.name, kept));
    return kept;
  }

  function change(
    kept: Kept,
    next: Omit<AlarmState, "atMs">,
    children: readonly TriggeringChild[] = [],
  ): void {
    if (next.value === kept.state.value) return;
    const previousState = kept.state;
    const atMs = scheduler.now();
    const suppressedBy = kept.suppression?.begin();
    kept.state = { ...next, atMs, ...(suppressedBy === undefined ? {} : { suppressedBy }) };
    kept.transitionedAtMs = atMs;
    history.changed(kept.alarm, previousState, kept.state);
    const told = changeOf(kept, previousState, children);
    kept.held = suppressedBy === undefined ? undefined : told;
    options.onAlarmStateChange(told);
    if (suppressedBy === undefined) act(kept, told);
    tellParents(kept);
  }

  function act(kept: Kept, told: AlarmStateChange): void {
    kept.told = told.state.value;
    const { alarm } = kept;
    if (!alarm.actionsEnabled) return;
    for (const topicArn of alarm.actions[told.state.value]) {
      options.publishToTopic({
        alarmArn: alarm.arn,
        topicArn,
        subject: subjectOf(told),
        message: messageOf(told, kept.configuredAtMs),
      });
      history.acted(alarm, topicArn, scheduler.now());
    }
  }

  /** What was held back and is so no more is told, unless it has passed over meanwhile. */
  function suppressionChanged(kept: Kept, by: AlarmState["suppressedBy"]): void {
    const previousState = kept.state;
    const { suppressedBy: _, ...state } = previousState;
    const atMs = scheduler.now();
    kept.state = { ...state, atMs, ...(by === undefined ? {} : { suppressedBy: by }) };
    options.onAlarmStateChange(changeOf(kept, previousState, kept.held?.triggeringChildren ?? []));
    const { held } = kept;
    if (by !== undefined || held === undefined) return;
    kept.held = undefined;
    if (held.state.value !== kept.told) act(kept, { ...held, state: kept.state });
  }

  function tellParents({ alarm, state }: Kept): void {
    for (const parent of regionOf(alarm.region).values()) {
      if (parent.alarm.type !== "composite") continue;
      if (parent.alarm.suppressor?.name === alarm.name) parent.suppression?.suppressorChanged(state.value);
      if (!childrenOf(parent.alarm.rule).some((child) => nameOfAlarm(child) === alarm.name)) continue;
      const reason = `${alarm.arn} transitioned to ${state.value} at ${longTime(state.atMs)}`;
      judgeRule(parent, parent.alarm, reason, [{ arn: alarm.arn, state }]);
    }
  }

  function judgeRule(
    kept: Kept,
    alarm: CompositeAlarm,
    reason: string,
    children: readonly TriggeringChild[],
  ): void {
    const value = holds(alarm.rule, (child) => stateOf(alarm.region, child)) ? "ALARM" : "OK";
    const triggeringAlarms = children.map(({ arn, state }) => ({
      arn,
      state: { value: state.value, timestamp: timestampText(state.atMs) },
    }));
    change(kept, { value, reason, reasonData: JSON.stringify({ triggeringAlarms }) }, children);
  }

  function create(kept: Kept): void {
    const { alarm } = kept;
    if (alarm.type !== "composite") return;
    const children = childrenOf(alarm.rule).flatMap((child) => {
      const found = regionOf(alarm.region).get(nameOfAlarm(child));
      return found === undefined ? [] : [{ arn: found.alarm.arn, state: found.state }];
    });
    const value = holds(alarm.rule, (child) => stateOf(alarm.region, child)) ? "ALARM" : "OK";
    judgeRule(kept, alarm, `${alarm.arn} was created and its alarm rule evaluates to ${value}`, children);
  }

  return {
    history,
    add(alarms) {
      for (const kept of alarms.map(keep)) create(kept);
    },
    judge(region, atWholeMinute) {
      for (const kept of regionOf(region).values()) {
        const { alarm } = kept;
        if (alarm.type !== "metric" || (!atWholeMinute && alarm.periodSeconds >= 60)) continue;
        const next = judgeMetric(alarm, { ...kept, store, nowMs: scheduler.now() });
        if (next !== undefined) change(kept, next);
      }
    },
    set(region, name, state) {
      const kept = regionOf(region).get(name);
      if (kept !== undefined) change(kept, state);
      return kept;
    },
    of: (region) => [...regionOf(region).values()],
  };
}

function changeOf(
  { alarm, state }: Kept,
  previousState: AlarmState,
  triggeringChildren: readonly TriggeringChild[],
): AlarmStateChange {
  const { arn: alarmArn, name: alarmName, region } = alarm;
  const { atMs } = state;
  return {
    alarmArn,
    alarmName,
    region,
    atMs,
    state,
    previousState,
    configuration: alarm,
    triggeringChildren,
  };
}
