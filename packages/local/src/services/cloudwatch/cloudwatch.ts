import type { Scheduler } from "../../links/scheduler.ts";
import { type Alarms, type AlarmsOptions, createAlarms } from "./alarms.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import type { MetricIdentity, RecordedValue } from "./metric.ts";
import { createMetricsStore, type MetricsStore } from "./metrics-store.ts";

const minuteMs = 60_000;
/** How often alarms with periods below a minute are judged. */
const shortMs = 10_000;
/** After the end of a period: what was measured at its end has arrived by then. */
const offsetMs = 5_000;

/** A value that is there at any time, such as how many messages wait. */
export interface Gauge extends MetricIdentity {
  readonly unit: string;
  /** Nothing when there is nothing to tell. */
  readonly read: () => number | undefined;
}

export interface CloudWatchOptions
  extends Pick<AlarmsOptions, "scheduler" | "publishToTopic" | "onAlarmStateChange"> {
  readonly regions: readonly string[];
  /** A region that is down records nothing, judges nothing and tells nobody. */
  readonly isUp: (region: string) => boolean;
}

/** One CloudWatch for each region. */
export interface CloudWatch {
  readonly metrics: Pick<MetricsStore, "read" | "list">;
  readonly alarms: Alarms;
  readonly scheduler: Pick<Scheduler, "now">;
  record(region: string, value: RecordedValue): void;
  /** Takes the metrics out of what a function logged. */
  readLog(entry: { readonly region: string; readonly line: string }): void;
  /** Reads the gauge every minute. */
  gauge(region: string, gauge: Gauge): void;
  /** From now on gauges are read and alarms judged. */
  start(): void;
  stop(): void;
}

export function createCloudWatch(options: CloudWatchOptions): CloudWatch {
  const { scheduler, regions, isUp } = options;
  const store = createMetricsStore({ now: scheduler.now });
  const alarms = createAlarms({ ...options, store });
  const gauges: { readonly region: string; readonly gauge: Gauge }[] = [];
  let cancel = () => {};
  let latestMs = 0;

  function record(region: string, value: RecordedValue): void {
    if (isUp(region) && Number.isFinite(value.value)) store.record(region, value);
  }

  function tick(atWholeMinute: boolean): void {
    if (atWholeMinute) for (const { region, gauge } of gauges) read(region, gauge);
    for (const region of regions) if (isUp(region)) alarms.judge(region, atWholeMinute);
  }

  function read(region: string, { read: readValue, unit, namespace, name, dimensions }: Gauge): void {
    const value = isUp(region) ? readValue() : undefined;
    if (value === undefined) return;
    record(region, { namespace, name, dimensions, unit, value, atMs: scheduler.now() });
  }

  function scheduleTick(): void {
    const sinceMs = scheduler.now() - offsetMs;
    // A timer may be a little early: no moment comes twice for that.
    const nextMs = Math.max(Math.floor(sinceMs / shortMs) * shortMs, latestMs) + shortMs;
    cancel = scheduler.after(nextMs - sinceMs, () => {
      latestMs = nextMs;
      scheduleTick();
      tick(nextMs % minuteMs === 0);
    });
  }

  return {
    metrics: store,
    alarms,
    scheduler,
    record,
    readLog({ region, line }) {
      for (const value of embeddedMetrics(line)) record(region, value);
    },
    gauge(region, gauge) {
      gauges.push({ region, gauge });
    },
    start: scheduleTick,
    stop: () => cancel(),
  };
}
