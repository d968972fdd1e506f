/** The part of CloudWatch's API that is about metrics. */
import * as z from "zod";
import type { ServiceRequest, ServiceResponse } from "../service.ts";
import type { MathLine, MetricStat } from "./alarm.ts";
import { mathValues, readerOf } from "./alarm-datapoints.ts";
import type { CloudWatch } from "./cloudwatch.ts";
import { type MetricIdentity, metricUnits } from "./metric.ts";
import { parseMath } from "./metric-math.ts";
import { percentOf, plainStatistics, statisticNamed } from "./statistic-set.ts";
import { answer, inputOf, invalid, pageOf, time, toTime } from "./wire.ts";

/** More than three hours by ten seconds, all that is kept. */
const periodsMax = 1_440;
const metricsPage = 500;
const dataMax = 1_000;

const dimensions = z
  .array(z.object({ Name: z.string().min(1), Value: z.string().min(1) }))
  .max(30)
  .default([])
  .transform((all) => Object.fromEntries(all.map(({ Name, Value }) => [Name, Value])));
const unit = z.enum(metricUnits).optional();
const period = z
  .int()
  .refine(
    (seconds) => seconds > 0 && seconds % 10 === 0,
    "periods of less than ten seconds are not kept here",
  );
const stat = z.string().refine((name) => statisticNamed(name).ok, "it is not run here");

const dimensionMembers = ({ dimensions: of }: MetricIdentity) =>
  Object.entries(of).map(([Name, Value]) => ({ Name, Value }));

const putInput = z.object({
  Namespace: z.string().min(1).max(255),
  MetricData: z
    .array(
      z.object({
        MetricName: z.string().min(1).max(255),
        Dimensions: dimensions,
        Timestamp: time.optional(),
        Value: z.number().optional(),
        Values: z.array(z.number()).max(150).optional(),
        Counts: z.array(z.number().positive()).max(150).optional(),
        StatisticValues: z.never("statistic sets are not taken here").optional(),
        Unit: unit,
        StorageResolution: z.literal([1, 60]).optional(),
      }),
    )
    .max(dataMax),
});

export function putMetricData(request: ServiceRequest, cloudWatch: CloudWatch): ServiceResponse {
  const { Namespace: namespace, MetricData } = inputOf(request, putInput);
  if (namespace.startsWith("AWS/"))
    throw invalid(`The value ${namespace} for parameter Namespace is invalid: AWS/ is AWS's own`);
  for (const datum of MetricData) {
    const { MetricName: name, Value, Values, Counts } = datum;
    const values = Values ?? (Value === undefined ? [] : [Value]);
    if (values.length === 0 || (Value !== undefined && Values !== undefined))
      throw invalid(`Metric ${name} is to have one value or a list of values`);
    if (Counts !== undefined && Counts.length !== values.length)
      throw invalid(`Metric ${name} has as many counts as values, or none`);
    for (const [index, value] of values.entries()) {
      cloudWatch.record(request.region, {
        namespace,
        name,
        dimensions: datum.Dimensions,
        value,
        ...(Counts === undefined ? {} : { count: Counts[index] ?? 1 }),
        ...(datum.Unit === undefined ? {} : { unit: datum.Unit }),
        atMs: datum.Timestamp ?? cloudWatch.scheduler.now(),
        ...(datum.StorageResolution === 1 ? { highResolution: true } : {}),
      });
    }
  }
  return answer({});
}

const listInput = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
});

export function listMetrics(request: ServiceRequest, { metrics }: CloudWatch): ServiceResponse {
  const { Namespace, MetricName, Dimensions, NextToken } = inputOf(request, listInput);
  const found = metrics.list(request.region).filter(
    (metric) =>
      (Namespace === undefined || metric.namespace === Namespace) &&
      (MetricName === undefined || metric.name === MetricName) &&
      Dimensions.every(({ Name, Value }) => {
        const value = metric.dimensions[Name];
        return value !== undefined && (Value === undefined || value === Value);
      }),
  );
  const { page, next } = pageOf(found, metricsPage, NextToken);
  const members = page.map((metric) => ({
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: dimensionMembers(metric),
  }));
  return answer({ Metrics: members, ...next });
}

const statisticsInput = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensions,
  StartTime: time,
  EndTime: time,
  Period: period,
  Statistics: z.array(z.enum(plainStatistics)).default([]),
  ExtendedStatistics: z
    .array(stat.refine((name) => percentOf(name) !== undefined, "it is no percentile"))
    .default([]),
  Unit: unit,
});

export function getMetricStatistics(request: ServiceRequest, { metrics }: CloudWatch): ServiceResponse {
  const input = inputOf(request, statisticsInput);
  const { Statistics, ExtendedStatistics, Unit } = input;
  if (Statistics.length + ExtendedStatistics.length === 0)
    throw invalid("At least one of the parameters Statistics and ExtendedStatistics must be given");
  const window = windowOf(input.StartTime, input.EndTime, input.Period);
  const metric = { namespace: input.Namespace, name: input.MetricName, dimensions: input.Dimensions };
  const sets = metrics.read(request.region, {
    ...metric,
    ...window,
    ...(Unit === undefined ? {} : { unit: Unit }),
  });
  const datapoints = sets.flatMap((set, index) => {
    if (set === undefined) return [];
    const read = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, readerOf(name)(set)]));
    return [
      {
        Timestamp: toTime(window.fromMs + index * window.periodMs),
        ...read(Statistics),
        ...(ExtendedStatistics.length === 0 ? {} : { ExtendedStatistics: read(ExtendedStatistics) }),
        ...(Unit === undefined ? {} : { Unit }),
      },
    ];
  });
  return answer({ Label: input.MetricName, Datapoints: datapoints });
}

/** Whole periods from the one that holds the start. */
function windowOf(startMs: number, endMs: number, periodSeconds: number) {
  if (startMs >= endMs) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  const periodMs = periodSeconds * 1_000;
  const fromMs = Math.floor(startMs / periodMs) * periodMs;
  const periods = Math.ceil((endMs - fromMs) / periodMs);
  if (periods > periodsMax) throw invalid(`You have requested more than ${periodsMax} periods`);
  return { fromMs, periodMs, periods };
}

const dataInput = z.object({
  MetricDataQueries: z
    .array(
      z.object({
        Id: z.string().regex(/^[a-z][A-Za-z0-9_]*$/),
        Label: z.string().optional(),
        ReturnData: z.boolean().default(true),
        Expression: z.string().optional(),
        Period: period.optional(),
        MetricStat: z
          .object({
            Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
            Period: period,
            Stat: stat,
            Unit: unit,
          })
          .optional(),
      }),
    )
    .min(1)
    .max(500),
  StartTime: time,
  EndTime: time,
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
});

type DataQuery = z.infer<typeof dataInput>["MetricDataQueries"][number];

export function getMetricData(request: ServiceRequest, { metrics }: CloudWatch): ServiceResponse {
  const { MetricDataQueries: queries, StartTime, EndTime, ScanBy } = inputOf(request, dataInput);
  const periods = new Set(queries.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []));
  const [periodSeconds] = periods;
  if (periodSeconds === undefined || periods.size > 1)
    throw invalid("The queries of one call have one period here");
  const window = windowOf(StartTime, EndTime, periodSeconds);
  const read = (metric: MetricStat) => {
    const value = readerOf(metric.stat);
    const sets = metrics.read(request.region, { ...metric, ...window });
    return sets.map((set) => (set === undefined ? undefined : value(set)));
  };
  const lines = queries.map(lineOf);
  const values = evaluated(() => mathValues(lines, window.periods, read));
  const results = lines
    .filter(({ returnData }) => returnData)
    .map((line) => {
      const value = values.get(line.id);
      if (value?.type !== "series") throw invalid(`${line.id} gives no single time series`);
      const points = value.points.flatMap((point, index) =>
        point === undefined ? [] : [{ point, atMs: window.fromMs + index * window.periodMs }],
      );
      const ordered = ScanBy === "TimestampAscending" ? points : points.toReversed();
      return {
        Id: line.id,
        Label: line.label ?? ("metric" in line ? line.metric.name : line.id),
        Timestamps: ordered.map(({ atMs }) => toTime(atMs)),
        Values: ordered.map(({ point }) => point),
        StatusCode: "Complete",
      };
    });
  return answer({ MetricDataResults: results, Messages: [] });
}

function lineOf({ Id: id, Label, ReturnData: returnData, Expression, MetricStat }: DataQuery): MathLine {
  const common = { id, ...(Label === undefined ? {} : { label: Label }), returnData };
  if (MetricStat !== undefined && Expression === undefined) {
    const { Metric, Stat, Unit } = MetricStat;
    const { Namespace: namespace, MetricName: name, Dimensions } = Metric;
    const metric = { namespace, name, dimensions: Dimensions, stat: Stat };
    return { ...common, metric: { ...metric, ...(Unit === undefined ? {} : { unit: Unit }) } };
  }
  if (Expression === undefined || MetricStat !== undefined)
    throw invalid(`Query ${id} is to have an Expression or a MetricStat`);
  const math = parseMath(Expression);
  if (!math.ok) throw invalid(`Error in expression '${id}': ${math.error}`);
  return { ...common, expression: Expression, math: math.value };
}

function evaluated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}
