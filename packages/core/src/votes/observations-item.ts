import { controlPartition } from "../control/heartbeat-item.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import {
  commonFields,
  isRemark,
  type PlannedPut,
  planPut,
  readFields,
  readMembers,
} from "./control-fields.ts";
import type { Observation } from "./observation.ts";
import { onOneLine } from "./reason-text.ts";

/** Characters of a look's reason: a line of a console. */
export const lookReasonCharsMax = 120;

/** What a region's prober has seen of the others. */
export interface Observations {
  readonly origin: Origin;
  readonly counter: number;
  readonly observationByOrigin: ReadonlyMap<Origin, Observation>;
  readonly touchedAtMs: number;
}

export function observationsKey(origin: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: "OBSERVATIONS" };
}

const members = ["failures", "successes", "latency", "reason", "since", "at"];

function readObservation(value: ItemValue): Observation | undefined {
  const { failures, successes, latency, reason, since, at } = readMembers(value, members) ?? {};
  const counts = isCounter(failures) && isCounter(successes) && (failures === 0) !== (successes === 0);
  if (!counts || !isCounter(since) || !isCounter(at)) {
    return undefined;
  }
  if (latency !== undefined && !isCounter(latency)) {
    return undefined;
  }
  if (reason !== undefined && !isRemark(reason, lookReasonCharsMax)) {
    return undefined;
  }
  return {
    failures,
    successes,
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(reason === undefined ? {} : { reason }),
    sinceMs: since,
    atMs: at,
  };
}

function observationToValue({ failures, successes, latencyMs, reason, sinceMs, atMs }: Observation) {
  return {
    failures,
    successes,
    ...(latencyMs === undefined ? {} : { latency: latencyMs }),
    ...(reason === undefined
      ? {}
      : { reason: onOneLine(reason.slice(0, lookReasonCharsMax)) || "no reason" }),
    since: sinceMs,
    at: atMs,
  };
}

/** Reads a region's `OBSERVATIONS`. */
export function itemToObservations(item: StoredItem): Result<Observations, ItemNotUnderstood> {
  const read = readFields(item, "OBSERVATIONS");
  if (!read.ok) {
    return read;
  }
  const { fields, ...head } = read.value;
  const observationByOrigin = new Map<Origin, Observation>();
  for (const [name, value] of fields) {
    const of = name.startsWith("o#") ? name.slice(2) : "";
    const observation = isOrigin(of) ? readObservation(value) : undefined;
    if (!isOrigin(of) || observation === undefined) {
      return err(notUnderstood(item, name, isOrigin(of) ? "not an observation" : "unknown attribute"));
    }
    observationByOrigin.set(of, observation);
  }
  return ok({ ...head, observationByOrigin });
}

/** Writes what `itemToObservations` reads. */
export function observationsToItem(observations: Observations): StoredItem {
  return {
    ...observationsKey(observations.origin),
    ...commonFields(observations.counter, observations.touchedAtMs),
    ...Object.fromEntries(
      [...observations.observationByOrigin].map(([of, one]) => [`o#${of}`, observationToValue(one)]),
    ),
  };
}

/** The item after one more round of looks, of the regions that are configured. */
export function planObservations(
  me: Origin,
  observationByOrigin: ReadonlyMap<Origin, Observation>,
  step: {
    readonly configured: readonly Origin[];
    readonly counter: number | undefined;
    readonly nowMs: number;
  },
): PlannedPut {
  const kept = [...observationByOrigin].filter(([of]) => of !== me && step.configured.includes(of));
  const item = observationsToItem({
    origin: me,
    counter: (step.counter ?? 0) + 1,
    observationByOrigin: new Map(kept),
    touchedAtMs: step.nowMs,
  });
  return planPut(item, step.counter);
}
