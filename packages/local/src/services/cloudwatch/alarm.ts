/** Alarms as CloudWatch keeps them: settings that were checked, and the state they are in. */
import type { CompositeRule } from "./composite-rule.ts";
import type { MetricIdentity } from "./metric.ts";
import type { MathNode } from "./metric-math.ts";

export type AlarmStateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface AlarmState {
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData?: string;
  /** When this state, or its reason, was set. */
  readonly atMs: number;
  /** Of a composite alarm whose actions are held back. */
  readonly suppressedBy?: "WaitPeriod" | "ExtensionPeriod" | "Alarm";
}

/** ARNs of topics, by the state that an alarm goes to. */
export type AlarmActions = Readonly<Record<AlarmStateValue, readonly string[]>>;

interface AnyAlarm {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly actions: AlarmActions;
}

export const comparisonOperators = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
] as const;

export type ComparisonOperator = (typeof comparisonOperators)[number];

export const missingDataTreatments = ["missing", "ignore", "breaching", "notBreaching"] as const;

export type MissingDataTreatment = (typeof missingDataTreatments)[number];

/** A metric's statistic in each period. */
export interface MetricStat extends MetricIdentity {
  /** `Sum`, `p99`. */
  readonly stat: string;
  readonly unit?: string;
}

/** One line of an alarm on metric math. */
export type MathLine = {
  readonly id: string;
  readonly label?: string;
  readonly returnData: boolean;
} & ({ readonly metric: MetricStat } | { readonly expression: string; readonly math: MathNode });

/** One metric, or metric math over several. */
export type Watched =
  | { readonly type: "metric"; readonly metric: MetricStat }
  | { readonly type: "math"; readonly lines: readonly MathLine[] };

export interface MetricAlarm extends AnyAlarm {
  readonly type: "metric";
  readonly watched: Watched;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  /** As many as `evaluationPeriods` when left out, and then reasons are worded otherwise. */
  readonly datapointsToAlarm?: number;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData?: MissingDataTreatment;
  /** Whether a percentile of few values is not judged. */
  readonly ignoresLowSamples?: boolean;
}

export interface CompositeAlarm extends AnyAlarm {
  readonly type: "composite";
  readonly ruleText: string;
  readonly rule: CompositeRule;
  readonly suppressor?: {
    /** As it was given: a name or an ARN. */
    readonly alarm: string;
    readonly name: string;
    readonly waitSeconds: number;
    readonly extensionSeconds: number;
  };
}

export type Alarm = MetricAlarm | CompositeAlarm;

export function treatmentOf({ treatMissingData, watched }: MetricAlarm): MissingDataTreatment {
  if (treatMissingData !== undefined) return treatMissingData;
  const isOfDynamo = watched.type === "metric" && watched.metric.namespace === "AWS/DynamoDB";
  return isOfDynamo ? "ignore" : "missing"; // what CloudWatch does for DynamoDB's metrics when nobody says otherwise
}
