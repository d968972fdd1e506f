import type { GraphResource } from "../graph/schema.ts";
import type { MathLine, MetricStat } from "../services/cloudwatch/alarm.ts";
import { mathValues } from "../services/cloudwatch/alarm-datapoints.ts";
import { idsOf, parseMath } from "../services/cloudwatch/metric-math.ts";
import { refused } from "./alarm-settings.ts";
import type { MetricQueryInputs } from "./metric-alarms.ts";

/** CloudWatch takes so many metrics in one alarm. */
const metricsMax = 10;

/** The lines of an alarm on metric math, which give one time series whatever the metrics say. */
export function planMathLines(resource: GraphResource, queries: readonly MetricQueryInputs[]) {
  const lines = queries.map((query) => toLine(resource, query));
  const ids = lines.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw refused(resource, `it has two lines ${twice}`);
  const returned = lines.filter(({ returnData }) => returnData);
  if (returned.length !== 1) throw refused(resource, "exactly one of its lines returns data");
  const periods = new Set(queries.flatMap(({ metric }) => (metric === undefined ? [] : [metric.period])));
  const [periodSeconds] = periods;
  if (periodSeconds === undefined) throw refused(resource, "it has no metric");
  if (periods.size > 1) throw refused(resource, "its metrics have different periods");
  if (queries.filter(({ metric }) => metric !== undefined).length > metricsMax)
    throw refused(resource, `an alarm has at most ${metricsMax} metrics`);
  requireSeries(resource, lines);
  return { watched: { type: "math", lines } as const, periodSeconds };
}

function toLine(resource: GraphResource, query: MetricQueryInputs): MathLine {
  const { id, label, returnData, expression, metric } = query;
  const common = { id, ...(label === undefined ? {} : { label }), returnData };
  if (metric !== undefined && expression === undefined) return { ...common, metric: toMetricStat(metric) };
  if (metric !== undefined || expression === undefined)
    throw refused(resource, `line ${id} is to be a metric or an expression`);
  const math = parseMath(expression);
  if (!math.ok) throw refused(resource, `${expression}: ${math.error}`);
  return { ...common, expression, math: math.value };
}

/** Types do not depend on values, so metrics without any show whether the expressions fit together. */
function requireSeries(resource: GraphResource, lines: readonly MathLine[]): void {
  const circular = lines.find((line) => leadsTo(lines, line, line.id));
  if (circular !== undefined) throw refused(resource, `line ${circular.id} refers to itself`);
  let types: ReadonlyMap<string, { readonly type: string }>;
  try {
    types = mathValues(lines, 1, () => [undefined]);
  } catch (error) {
    throw refused(resource, error instanceof Error ? error.message : String(error));
  }
  const returned = lines.find(({ returnData }) => returnData)?.id ?? "";
  if (types.get(returned)?.type !== "series")
    throw refused(resource, `line ${returned} gives no single time series`);
}

function leadsTo(
  lines: readonly MathLine[],
  from: MathLine,
  id: string,
  seen: readonly string[] = [],
): boolean {
  if (!("math" in from)) return false;
  return idsOf(from.math).some((next) => {
    if (next === id) return true;
    const line = lines.find((one) => one.id === next);
    return line !== undefined && !seen.includes(next) && leadsTo(lines, line, id, [...seen, next]);
  });
}

interface MetricInputs {
  readonly metricName: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly unit?: string | undefined;
}

export function toMetricStat({
  metricName,
  namespace,
  dimensions: of,
  stat,
  unit,
}: MetricInputs): MetricStat {
  return { namespace, name: metricName, dimensions: of, stat, ...(unit === undefined ? {} : { unit }) };
}
