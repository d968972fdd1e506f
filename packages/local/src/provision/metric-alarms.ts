import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import {
  comparisonOperators,
  type MetricAlarm,
  missingDataTreatments,
  type Watched,
} from "../services/cloudwatch/alarm.ts";
import { metricUnits } from "../services/cloudwatch/metric.ts";
import { percentOf, plainStatistics } from "../services/cloudwatch/statistic-set.ts";
import { planMathLines, toMetricStat } from "./alarm-math.ts";
import { alarmName, commonInputs, commonSettings, refused } from "./alarm-settings.ts";

export const metricAlarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

const dayS = 86_400;

const period = z
  .int()
  .refine(
    (seconds) => [10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
    "a period is 10, 20, 30 or a multiple of 60 seconds",
  );
const dimensions = z
  .record(z.string().min(1), z.string().min(1))
  .refine((all) => Object.keys(all).length <= 30, "a metric has at most 30 dimensions")
  .default({});
const stat = z
  .string()
  .refine(
    (name) => plainStatistics.includes(name) || percentOf(name) !== undefined,
    `only ${plainStatistics.join(", ")} and percentiles are run`,
  );
const metricInputs = { metricName: z.string().min(1), namespace: z.string().min(1), dimensions, period };

/** Strict, since a setting that was overlooked would be another alarm. */
const inputsSchema = z.strictObject({
  ...commonInputs,
  name: alarmName,
  comparisonOperator: z.enum(comparisonOperators, "anomaly detection is not run"),
  evaluationPeriods: z.int().min(1),
  datapointsToAlarm: z.int().min(1).optional(),
  threshold: z.number(),
  thresholdMetricId: z.never("anomaly detection is not run").optional(),
  treatMissingData: z.enum(missingDataTreatments).optional(),
  evaluateLowSampleCountPercentiles: z.enum(["evaluate", "ignore"]).optional(),
  metricName: metricInputs.metricName.optional(),
  namespace: metricInputs.namespace.optional(),
  dimensions,
  period: period.optional(),
  statistic: stat
    .refine((name) => percentOf(name) === undefined, "a percentile is an extended statistic")
    .optional(),
  extendedStatistic: stat
    .refine((name) => percentOf(name) !== undefined, "only percentiles are run")
    .optional(),
  unit: z.enum(metricUnits).optional(),
  metricQueries: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/, "an id begins with a small letter"),
        label: z.string().optional(),
        returnData: z.boolean().default(false),
        period: period.optional(),
        accountId: z.never("other accounts' metrics are not run").optional(),
        expression: z.string().min(1).max(2048).optional(),
        metric: z.strictObject({ ...metricInputs, stat, unit: z.enum(metricUnits).optional() }).optional(),
      }),
    )
    .default([]),
});

type MetricAlarmInputs = z.infer<typeof inputsSchema>;
export type MetricQueryInputs = MetricAlarmInputs["metricQueries"][number];

/** Every stage's alarms on metrics, each refused when CloudWatch would refuse it. */
export function planMetricAlarms(index: GraphIndex): MetricAlarm[] {
  return index.all(metricAlarmType).map((resource) => planMetricAlarm(index, resource));
}

function planMetricAlarm(index: GraphIndex, resource: GraphResource): MetricAlarm {
  const inputs = readPart(resource, "inputs", inputsSchema);
  const { evaluationPeriods, datapointsToAlarm } = inputs;
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods)
    throw refused(resource, "it asks for more datapoints to alarm than it evaluates");
  const { watched, periodSeconds } = planWatched(resource, inputs);
  if (evaluationPeriods * periodSeconds > dayS) throw refused(resource, "it looks back further than a day");
  const isIgnoring = inputs.evaluateLowSampleCountPercentiles === "ignore";
  if (isIgnoring && (watched.type === "math" || percentOf(watched.metric.stat) === undefined))
    throw refused(resource, "only of percentiles it matters how few values there are");
  return {
    type: "metric",
    ...commonSettings(index, resource, inputs.name, inputs),
    watched,
    periodSeconds,
    evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
    comparison: inputs.comparisonOperator,
    threshold: inputs.threshold,
    ...(inputs.treatMissingData === undefined ? {} : { treatMissingData: inputs.treatMissingData }),
    ...(isIgnoring ? { ignoresLowSamples: true } : {}),
  };
}

function planWatched(
  resource: GraphResource,
  inputs: MetricAlarmInputs,
): { readonly watched: Watched; readonly periodSeconds: number } {
  const { metricName, namespace, statistic, extendedStatistic, metricQueries } = inputs;
  if (metricQueries.length > 0) {
    const single = [metricName, namespace, inputs.period, statistic, extendedStatistic, inputs.unit];
    if (single.some((setting) => setting !== undefined) || Object.keys(inputs.dimensions).length > 0)
      throw refused(resource, "it watches one metric or metric math, not both");
    return planMathLines(resource, metricQueries);
  }
  const stat = statistic ?? extendedStatistic;
  if (
    metricName === undefined ||
    namespace === undefined ||
    inputs.period === undefined ||
    stat === undefined
  )
    throw refused(resource, "a metric has a name, a namespace, a period and a statistic");
  if (statistic !== undefined && extendedStatistic !== undefined)
    throw refused(resource, "it has a statistic or an extended one, not both");
  const metric = toMetricStat({ ...inputs, metricName, namespace, stat });
  return { watched: { type: "metric", metric }, periodSeconds: inputs.period };
}
