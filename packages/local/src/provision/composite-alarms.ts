import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { Alarm, CompositeAlarm, MetricAlarm } from "../services/cloudwatch/alarm.ts";
import { childrenOf, nameOfAlarm, parseRule } from "../services/cloudwatch/composite-rule.ts";
import { alarmName, commonInputs, commonSettings, refused, requireDifferentNames } from "./alarm-settings.ts";
import { metricAlarmType, planMetricAlarms } from "./metric-alarms.ts";

const compositeAlarmType = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
export const alarmTypes = [metricAlarmType, compositeAlarmType] as const;

const periodSeconds = z.int().min(0);

const inputsSchema = z.strictObject({
  ...commonInputs,
  alarmName,
  alarmRule: z.string().min(1),
  actionsSuppressor: z
    .strictObject({ alarm: z.string().min(1), waitPeriod: periodSeconds, extensionPeriod: periodSeconds })
    .optional(),
});

/** Every stage's alarms, children before the composite ones that refer to them. */
export function planAlarms(index: GraphIndex): Alarm[] {
  const metricAlarms = planMetricAlarms(index);
  const resources = index.all(compositeAlarmType);
  const composites = resources.map((resource) => planComposite(index, resource));
  const all: readonly Alarm[] = [...metricAlarms, ...composites];
  requireDifferentNames([...index.all(metricAlarmType), ...resources], all);
  for (const [at, resource] of resources.entries()) requireChildren(resource, composites[at], all);
  return [...metricAlarms, ...ordered(resources, composites, metricAlarms)];
}

function planComposite(index: GraphIndex, resource: GraphResource): CompositeAlarm {
  const inputs = readPart(resource, "inputs", inputsSchema);
  const rule = parseRule(inputs.alarmRule);
  if (!rule.ok) throw refused(resource, `its rule: ${rule.error}`);
  const { actionsSuppressor: suppressor } = inputs;
  return {
    type: "composite",
    ...commonSettings(index, resource, inputs.alarmName, inputs),
    ruleText: inputs.alarmRule,
    rule: rule.value,
    ...(suppressor === undefined
      ? {}
      : {
          suppressor: {
            alarm: suppressor.alarm,
            name: nameOfAlarm(suppressor.alarm),
            waitSeconds: suppressor.waitPeriod,
            extensionSeconds: suppressor.extensionPeriod,
          },
        }),
  };
}

function requireChildren(
  resource: GraphResource,
  alarm: CompositeAlarm | undefined,
  all: readonly Alarm[],
): void {
  const suppressor = alarm?.suppressor === undefined ? [] : [alarm.suppressor.alarm];
  for (const child of [...(alarm === undefined ? [] : childrenOf(alarm.rule)), ...suppressor]) {
    const isThere = all.some(
      ({ region, name, arn }) => region === resource.region && (child === name || child === arn),
    );
    if (!isThere) throw dangling(resource, `alarm ${child}`);
  }
}

function ordered(
  resources: readonly GraphResource[],
  composites: readonly CompositeAlarm[],
  metricAlarms: readonly MetricAlarm[],
): CompositeAlarm[] {
  const done = new Set(metricAlarms.map(keyOf));
  const result: CompositeAlarm[] = [];
  let waiting = composites;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ region, rule }) =>
      childrenOf(rule).every((child) => done.has(keyOf({ region, name: nameOfAlarm(child) }))),
    );
    const [first] = waiting;
    const resource = first === undefined ? undefined : resources[composites.indexOf(first)];
    if (ready.length === 0 && resource !== undefined)
      throw refused(resource, "its rule leads back to itself");
    for (const alarm of ready) done.add(keyOf(alarm));
    result.push(...ready);
    waiting = waiting.filter((alarm) => !ready.includes(alarm));
  }
  return result;
}

const keyOf = ({ region, name }: { readonly region: string; readonly name: string }) => `${region} ${name}`;
