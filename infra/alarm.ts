/**
 * How alarms are made. Each one's text names its runbook in docs/operating/runbooks. Most have no actions of their own:
 * people are told by a composite alarm (alarms-pages.ts), so that one fault is one page. Those by which other regions vote
 * tell the functions (core/src/votes/evidence.ts).
 */
import { stage, stageName } from "./stage.ts";
import { alarmsTopic, failoverTopic, recoveryTopic } from "./topics.ts";

type Dimensions = Record<string, $util.Input<string>>;

/** Who hears of a change: nobody directly, people, or the functions of every region. */
const actions = {
  composite: {},
  people: { alarmActions: [alarmsTopic.arn], okActions: [alarmsTopic.arn] },
  functions: {
    alarmActions: [failoverTopic.arn],
    okActions: [recoveryTopic.arn],
    insufficientDataActions: [recoveryTopic.arn],
  },
};

interface Common {
  /** The file in docs/operating/runbooks, without its ending. */
  runbook: string;
  says: string;
  above?: number;
  below?: number;
  /**
   * Minutes that are looked at, and how many of them must be bad; all, when it is left out. Fewer where an expression fills:
   * the newest minute may have no data yet, and what it is filled with would keep the alarm from ever ringing.
   */
  minutes: number;
  bad?: number;
  /** Silence is trouble where something reports every minute, and nothing where it reports only what it counts. */
  missing: "breaching" | "notBreaching" | "ignore";
  tells: keyof typeof actions;
}

export interface Metric {
  namespace: string;
  metricName: string;
  dimensions: Dimensions;
  /** `Sum`, `Maximum`, `SampleCount`, or a percentile such as `p95`. */
  stat: string;
}

function settings(name: string, { runbook, says, above, below, minutes, bad, missing, tells }: Common) {
  const threshold = above ?? below;
  if (threshold === undefined) throw new Error(`${name} has no threshold`);
  return {
    name: stageName(name),
    alarmDescription: `${says} Runbook: docs/operating/runbooks/${runbook}.md`,
    comparisonOperator: above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
    threshold,
    evaluationPeriods: minutes,
    datapointsToAlarm: bad ?? minutes,
    treatMissingData: missing,
    ...actions[tells],
  };
}

/** An alarm on one metric. */
export function alarm(name: string, { metric, ...common }: Common & { metric: Metric }) {
  const { stat, ...watched } = metric;
  return new aws.cloudwatch.MetricAlarm(name, {
    ...settings(name, common),
    ...watched,
    statistic: stat,
    period: 60,
  });
}

/**
 * An alarm on what several metrics come to, ten at most: an alarm takes no more, and no search. `metrics` are by the ids
 * that the expression uses.
 */
export function mathAlarm(
  name: string,
  { metrics, expression, ...common }: Common & { metrics: Record<string, Metric>; expression: string },
) {
  if (Object.keys(metrics).length > 10) throw new Error(`${name} has more than ten metrics`);
  return new aws.cloudwatch.MetricAlarm(name, {
    ...settings(name, common),
    metricQueries: [
      { id: "result", label: name, expression, returnData: true },
      ...Object.entries(metrics).map(([id, metric]) => ({ id, metric: { ...metric, period: 60 } })),
    ],
  });
}

/** The sum of several metrics that are counted only when there is something to count. */
export function sumAlarm(name: string, { metrics, ...common }: Common & { metrics: Metric[] }) {
  const byId = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
  const expression = Object.keys(byId)
    .map((id) => `FILL(${id}, 0)`)
    .join(" + ");
  return mathAlarm(name, { ...common, metrics: byId, expression });
}

/** The dimensions that Powertools publishes a metric under: all of them, or the alarm would watch another metric. */
export const own = (service: string, metricName: string, stat: string, more: Dimensions = {}): Metric => ({
  namespace: "Antipode",
  metricName,
  dimensions: { environment: stage.environment, service, ...more },
  stat,
});

export const ofFunction = (name: string, metricName: string, stat = "Sum"): Metric => ({
  namespace: "AWS/Lambda",
  metricName,
  dimensions: { FunctionName: stageName(name) },
  stat,
});
