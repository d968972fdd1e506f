import { err, ok, type Result } from "@antipode/core";
import type { PutEvent } from "./buses.ts";

export const entriesMax = 10;
/** Of all entries of a request together. */
export const requestBytesMax = 262_144;

export interface EntryError {
  readonly code: "InvalidArgument" | "MalformedDetail" | "NotAuthorizedForSource";
  readonly message: string;
}

type Entry = Readonly<Record<string, unknown>>;

/** What one entry of `PutEvents` asks for, or why it alone is refused. */
export function readEntry(entry: Entry): Result<PutEvent, EntryError> {
  for (const name of ["Source", "DetailType", "Detail"]) {
    if (typeof entry[name] === "string" && entry[name] !== "") continue;
    const message = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
    return err({ code: "InvalidArgument", message });
  }
  const { Source: source, DetailType: detailType, Detail: text, Time, Resources: resources = [] } = entry;
  if (String(source).startsWith("aws."))
    return err({ code: "NotAuthorizedForSource", message: "Not authorized for the source." });
  const detail = parseDetail(String(text));
  if (detail === undefined) return err({ code: "MalformedDetail", message: "Detail is malformed." });
  if (Time !== undefined && typeof Time !== "number")
    return err({ code: "InvalidArgument", message: "Parameter Time is not valid." });
  return ok({
    source: String(source),
    detailType: String(detailType),
    detail,
    resources: Array.isArray(resources) ? resources.map(String) : [],
    ...(Time === undefined ? {} : { atMs: Time * 1_000 }),
  });
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail)
      ? (detail as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const timeBytes = 14;

/** As EventBridge counts: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
export function entryBytes({ Source, DetailType, Detail, Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...(Array.isArray(Resources) ? Resources : [])];
  const bytes = texts.reduce<number>(
    (sum, text) => sum + (typeof text === "string" ? Buffer.byteLength(text) : 0),
    0,
  );
  return bytes + (Time === undefined ? 0 : timeBytes);
}
