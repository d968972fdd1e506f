import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Deployment } from "./deployment.ts";

export const metricsNamespace = "Antipode";

/** What the functions measure. Each name has one unit. */
export const unitByMetric = {
  /** From a write in a region until this region's stream shows it; dimension `peer` is the writing region. */
  ReplicationLag: MetricUnit.Milliseconds,
  /** Stream records that were applied, and that could not be. */
  RecordsApplied: MetricUnit.Count,
  RecordsFailed: MetricUnit.Count,
  BatchesReplayed: MetricUnit.Count,
  BatchesNotReplayed: MetricUnit.Count,
  /** Conflicts that a rebuild was the first to put into this region's feed. */
  ConflictsFed: MetricUnit.Count,
  /** SKUs of a rebuilt product that other products have too: one of them is sold, whichever was meant. */
  SkusDisputed: MetricUnit.Count,
  /** Products whose views a backfill wrote, and those it could not rebuild. */
  ViewsBackfilled: MetricUnit.Count,
  ViewsNotBackfilled: MetricUnit.Count,
  /** Runs of a backfill that was to go on by itself and did not: an operator goes on from the log's `after`. */
  BackfillStopped: MetricUnit.Count,
  /** What this region said of its orders; dimension `fact`: placed, witnessed, committed, captured and so on. */
  OrderFacts: MetricUnit.Count,
  /** Requests answered with 503 because another region does not answer: taken off what `ApiErrors` counts of this one. */
  RefusedForPeers: MetricUnit.Count,
  /** Checkouts that were answered with a refusal, before they were placed or after; dimension `reason` is the problem's name. */
  CheckoutsRefused: MetricUnit.Count,
  /**
   * Orders that repair brought as far as they go now, and that it could not; and those that are open ten minutes after they
   * should have been over, or that could not be brought forward for ten minutes.
   */
  OrdersRepaired: MetricUnit.Count,
  OrdersNotRepaired: MetricUnit.Count,
  OrdersOverdue: MetricUnit.Count,
  /** Payments of this region at the provider that no order here knows; of runs that looked at all of them alone. */
  PaymentsUnmatched: MetricUnit.Count,
  /** Sights of an order with two winners, this region's placement one of them; the log names it. A person settles it. */
  OrdersPaidTwice: MetricUnit.Count,
  /** Events that say so, of refunds which their banks sent back, however late; the log names the order. A person settles it. */
  RefundsFailed: MetricUnit.Count,
  /** How long this region may go on selling without hearing from others; 0 when it may not. */
  LeaseRemaining: MetricUnit.Seconds,
  /** Looks at another region from outside that failed, 1 each, and else how long they took; dimension `of` is that region. */
  ProbeFailures: MetricUnit.Count,
  ProbeLatency: MetricUnit.Milliseconds,
  /** 1 while this region votes to drain the region of dimension `of`. */
  DrainVote: MetricUnit.Count,
  /** Steps of failovers and recoveries; dimensions `kind`, `step`, and `outcome`: done, failed, skipped. */
  FailoverSteps: MetricUnit.Count,
  /** From when a region first saw a drain or its end until all was done about it; dimension `kind`. */
  FailoverDuration: MetricUnit.Milliseconds,
  /** Drains and their ends that this region is the first to do something about, and that nobody has finished with; each round. */
  PendingFailovers: MetricUnit.Count,
  /** Messages to the own functions that there is something to do about a drain; dimension `outcome`: told, failed. */
  DrainNews: MetricUnit.Count,
  /** Regions that are drained, as this one sees it. */
  RegionsDrained: MetricUnit.Count,
  /** News of alarms; dimension `outcome`: heard, known, no-evidence, message, not-understood, failed. */
  AlarmsHeard: MetricUnit.Count,
  /** Units that moved between regions; dimension `how`: granted, absorbed, asked. */
  StockMoved: MetricUnit.Count,
} as const;

export type MetricName = keyof typeof unitByMetric;

export interface Measurements {
  /** Values of one metric under one set of dimensions. */
  record(name: MetricName, values: readonly number[], dimensions?: Readonly<Record<string, string>>): void;
}

const valuesPerLineMax = 100; // CloudWatch's embedded metric format takes no more

/** Embedded metric format on stdout, under the dimensions `service`, `environment` and those of the metric. */
export function createMeasurements(deployment: Deployment): Measurements {
  return {
    record(name, values, dimensions = {}) {
      for (let start = 0; start < values.length; start += valuesPerLineMax) {
        const metrics = new Metrics({
          namespace: metricsNamespace,
          defaultDimensions: { environment: deployment.environment, ...dimensions },
        });
        for (const value of values.slice(start, start + valuesPerLineMax)) {
          metrics.addMetric(name, unitByMetric[name], value);
        }
        if (metrics.hasStoredMetrics()) {
          metrics.publishStoredMetrics(); // the hundredth value has published itself
        }
      }
    },
  };
}
