import * as z from "zod";
import { metricUnits, type RecordedValue } from "./metric.ts";

/** CloudWatch Logs takes no larger event. */
const lineBytesMax = 1_048_576;
const valuesMax = 100;
const metricsMax = 100;
const dimensionsMax = 30;

const name = z.string().min(1).max(255);

/**
 * The embedded metric format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
 * Members that it does not know are ignored.
 */
const documentSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.int(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: name,
        Dimensions: z.array(z.array(name).max(dimensionsMax)).min(1),
        Metrics: z
          .array(
            z.object({
              Name: name,
              Unit: z.enum(metricUnits).optional(),
              StorageResolution: z.literal([1, 60]).optional(),
            }),
          )
          .max(metricsMax),
      }),
    ),
  }),
});

type EmbeddedDocument = z.infer<typeof documentSchema>;
type Directive = EmbeddedDocument["_aws"]["CloudWatchMetrics"][number];

const dimensionValue = z.string().min(1).max(1024);
const metricValues = z.union([z.number(), z.array(z.number()).max(valuesMax)]);

/**
 * What CloudWatch takes out of one log line; nothing of a line that is no such document. A dimension set or a metric
 * whose target is missing, or of another type, is left out, and so is nothing else.
 */
export function embeddedMetrics(line: string): readonly RecordedValue[] {
  // Most lines are none, and parsing each would cost more than all else here.
  if (!line.includes('"CloudWatchMetrics"') || line.length > lineBytesMax) return [];
  const parsed = documentSchema.safeParse(parseJson(line));
  if (!parsed.success) return [];
  return parsed.data._aws.CloudWatchMetrics.flatMap((directive) => valuesOf(parsed.data, directive));
}

function valuesOf(document: EmbeddedDocument, directive: Directive): RecordedValue[] {
  const dimensionSets = directive.Dimensions.map((names) => dimensionsOf(document, names)).filter(
    (dimensions) => dimensions !== undefined,
  );
  return directive.Metrics.flatMap(({ Name, Unit, StorageResolution }) => {
    const target = metricValues.safeParse(document[Name]);
    if (!target.success) return [];
    return [target.data].flat().flatMap((value): RecordedValue[] =>
      dimensionSets.map((dimensions) => ({
        namespace: directive.Namespace,
        name: Name,
        dimensions,
        value,
        ...(Unit === undefined ? {} : { unit: Unit }),
        atMs: document._aws.Timestamp,
        ...(StorageResolution === 1 ? { highResolution: true } : {}),
      })),
    );
  });
}

function dimensionsOf(
  document: EmbeddedDocument,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const entries: [string, string][] = [];
  for (const dimension of names) {
    const target = dimensionValue.safeParse(document[dimension]);
    if (!target.success) return undefined;
    entries.push([dimension, target.data]);
  }
  return Object.fromEntries(entries);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
