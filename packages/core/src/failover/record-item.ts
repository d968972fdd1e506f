import { controlPartition } from "../control/heartbeat-item.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemList,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { commonFields, isRemark, readFields, readMembers } from "../votes/control-fields.ts";
import { originOrders } from "./desired.ts";
import {
  type FailoverKind,
  type FailoverRecord,
  type FailoverStep,
  failoverKinds,
  failoverOutcomes,
  failoverSteps,
  isStepState,
  noteCharsMax,
  type StepRecord,
} from "./record.ts";

const sortKeys: Readonly<Record<FailoverKind, string>> = { failover: "FAILOVERS", recovery: "RECOVERIES" };

export function failoverKey(origin: Origin, kind: FailoverKind, target: Origin): ItemKey {
  return { pk: controlPartition(origin), sk: `${sortKeys[kind]}#${target}` };
}

/** What a sort key of Control is a record of, if it is one. */
export function failoverSubject(
  sk: string,
): { readonly kind: FailoverKind; readonly target: Origin } | undefined {
  const kind = failoverKinds.find((one) => sk.startsWith(`${sortKeys[one]}#`));
  const target = kind === undefined ? "" : sk.slice(sortKeys[kind].length + 1);
  return kind !== undefined && isOrigin(target) ? { kind, target } : undefined;
}

/** Characters of a drain's id, of the instance that holds a run, and of what a step keeps for a later one. */
const idCharsMax = 400;

function readStep(value: ItemValue): StepRecord | undefined {
  const { state, attempt, at, note, ref } =
    readMembers(value, ["state", "attempt", "at", "note", "ref"]) ?? {};
  return isStepState(state) &&
    isCounter(attempt) &&
    isCounter(at) &&
    isRemark(note, noteCharsMax) &&
    (ref === undefined || isRemark(ref, idCharsMax))
    ? { state, attempt, atMs: at, note, ...(ref === undefined ? {} : { ref }) }
    : undefined;
}

interface Parts {
  readonly steps: Map<FailoverStep, StepRecord>;
  readonly covered: Map<Origin, number>;
  readonly rounds: Map<Origin, number>;
}

/** Puts one step, one covered record or one round where it belongs; false when it is none that is known. */
function readPart(parts: Parts, name: string, value: ItemValue): boolean {
  const [prefix, of] = [name.slice(0, 2), name.slice(2)];
  const step = prefix === "s#" ? failoverSteps.find((one) => one === of) : undefined;
  const read = step === undefined ? undefined : readStep(value);
  if (step !== undefined && read !== undefined) {
    parts.steps.set(step, read);
    return true;
  }
  const counters = prefix === "c#" ? parts.covered : prefix === "r#" ? parts.rounds : undefined;
  if (counters !== undefined && isOrigin(of) && isCounter(value)) {
    counters.set(of, value);
    return true;
  }
  return false;
}

const counters = ["seen", "attempt", "lease", "retry"] as const;
const members: ReadonlySet<string> = new Set([...counters, "drain", "drained", "order", "outcome", "holder"]);

function isOrigins(value: ItemValue | undefined): value is readonly Origin[] {
  return isItemList(value) && value.every((one) => typeof one === "string" && isOrigin(one));
}

type Head = Omit<
  FailoverRecord,
  "steps" | "covered" | "rounds" | "origin" | "kind" | "target" | "counter" | "touchedAtMs"
>;

function readHead(item: StoredItem): Result<Head, ItemNotUnderstood> {
  const { drain, drained, order: orderText, outcome, holder, seen, attempt, lease, retry } = item;
  const known = failoverOutcomes.find((one) => one === outcome);
  if (!isRemark(drain, idCharsMax) || !isOrigins(drained)) {
    return err(notUnderstood(item, isOrigins(drained) ? "drain" : "drained", "missing or malformed"));
  }
  const order = originOrders.find((one) => one === orderText);
  if (order === undefined) {
    return err(notUnderstood(item, "order", "not known"));
  }
  if (known === undefined || typeof holder !== "string" || holder.length > idCharsMax) {
    return err(notUnderstood(item, known === undefined ? "outcome" : "holder", "not known"));
  }
  return isCounter(seen) && isCounter(attempt) && isCounter(lease) && isCounter(retry)
    ? ok({
        drainId: drain,
        drained,
        order,
        outcome: known,
        holder,
        seenAtMs: seen,
        attempt,
        leaseUntilMs: lease,
        retryAtMs: retry,
      })
    : err(notUnderstood(item, counters.find((name) => !isCounter(item[name])) ?? "seen", "not a number"));
}

/** Reads one of a region's `FAILOVERS#…` or `RECOVERIES#…`. */
export function itemToFailover(item: StoredItem): Result<FailoverRecord, ItemNotUnderstood> {
  const subject = failoverSubject(item.sk);
  if (subject === undefined) {
    return err(notUnderstood(item, "sk", "not FAILOVERS#<origin> or RECOVERIES#<origin>"));
  }
  const read = readFields(item, item.sk);
  const head = read.ok ? readHead(item) : read;
  if (!read.ok || !head.ok) {
    return read.ok ? err(head.ok ? notUnderstood(item, "sk", "") : head.error) : read;
  }
  const parts: Parts = { steps: new Map(), covered: new Map(), rounds: new Map() };
  const unknown = read.value.fields.find(
    ([name, value]) => !members.has(name) && !readPart(parts, name, value),
  );
  const { origin, counter, touchedAtMs } = read.value;
  return unknown === undefined
    ? ok({ origin, ...subject, counter, touchedAtMs, ...head.value, ...parts })
    : err(notUnderstood(item, unknown[0], "unknown attribute, or not what it holds"));
}

/** Writes what `itemToFailover` reads. */
export function failoverToItem(record: FailoverRecord): StoredItem {
  const { origin, kind, target, counter, touchedAtMs, steps, covered, rounds } = record;
  const stepItem = ({ atMs, ...rest }: StepRecord): ItemValue => ({ ...rest, at: atMs });
  return {
    ...failoverKey(origin, kind, target),
    ...commonFields(counter, touchedAtMs),
    drain: record.drainId,
    drained: [...record.drained],
    order: record.order,
    outcome: record.outcome,
    holder: record.holder,
    seen: record.seenAtMs,
    attempt: record.attempt,
    lease: record.leaseUntilMs,
    retry: record.retryAtMs,
    ...Object.fromEntries([...steps].map(([step, said]) => [`s#${step}`, stepItem(said)])),
    ...Object.fromEntries([...covered].map(([of, counterOf]) => [`c#${of}`, counterOf])),
    ...Object.fromEntries([...rounds].map(([of, round]) => [`r#${of}`, round])),
  };
}
