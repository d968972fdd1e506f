/**
 * What an alarm's datapoints say, with CloudWatch's rules for those that are missing:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
import type { AlarmStateValue, ComparisonOperator, MissingDataTreatment } from "./alarm.ts";

/** CloudWatch looks so many periods further back than an alarm asks: five where three are to be evaluated. */
const periodsFurther = 2;

export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + periodsFurther;
}

export interface Datapoint {
  /** Start of its period. */
  readonly atMs: number;
  /** Nothing when it is missing. */
  readonly value: number | undefined;
  /** Of one metric; what metric math gives has none. */
  readonly sampleCount?: number;
}

export interface EvaluationSettings {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly treatment: MissingDataTreatment;
}

export interface Verdict {
  /** Nothing when the alarm stays as it is. */
  readonly state: AlarmStateValue | undefined;
  /** The datapoints that were evaluated, real ones, oldest first. */
  readonly evaluated: readonly Datapoint[];
  /** How many were filled in, by the treatment of what is missing. */
  readonly filled: number;
}

export function isBreaching({ comparison, threshold }: EvaluationSettings, value: number): boolean {
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
  }
}

/** @param range the whole evaluation range, oldest first */
export function evaluate(range: readonly Datapoint[], settings: EvaluationSettings): Verdict {
  const { evaluationPeriods, datapointsToAlarm, treatment } = settings;
  const evaluated = range.filter(({ value }) => value !== undefined).slice(-evaluationPeriods);
  const filled = evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter(
    ({ value }) => value !== undefined && isBreaching(settings, value),
  ).length;
  const bad = breaching + (treatment === "breaching" ? filled : 0);
  const verdict = (state: Verdict["state"]): Verdict => ({ state, evaluated, filled });
  if (bad >= datapointsToAlarm) return verdict("ALARM");
  const isWithinThreshold = breaching < evaluated.length;
  const isFilled = treatment === "breaching" || treatment === "notBreaching";
  if (filled === 0 || isWithinThreshold || isFilled) return verdict("OK");
  if (treatment === "ignore") return verdict(undefined);
  return verdict(breaching > 0 && isOldEnough(range, datapointsToAlarm) ? "ALARM" : "INSUFFICIENT_DATA");
}

/**
 * With nothing but breaching and missing datapoints, too few to say, an alarm waits while a better one may yet come: until
 * the oldest of them is as old as the datapoints that it takes.
 */
function isOldEnough(range: readonly Datapoint[], datapointsToAlarm: number): boolean {
  const oldest = range.findIndex(({ value }) => value !== undefined);
  return range.length - oldest >= datapointsToAlarm;
}
