/** What is measured: a metric is its namespace, its name and all of its dimensions. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface RecordedValue extends MetricIdentity {
  readonly value: number;
  /** How often the value was seen; once when left out. */
  readonly count?: number;
  /** `None` when left out. */
  readonly unit?: string;
  readonly atMs: number;
  /** Kept by ten seconds instead of by the minute. */
  readonly highResolution?: boolean;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
export const metricUnits: readonly string[] = [
  ...["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"],
  ...["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"].flatMap((unit) => [
    unit,
    `${unit}/Second`,
  ]),
  ...["Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"].flatMap((unit) => [unit, `${unit}/Second`]),
];

/** One text for one metric, whatever the order of its dimensions. */
export function metricKey({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}
