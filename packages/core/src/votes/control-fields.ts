import { controlOrigin } from "../control/heartbeat-item.ts";
import type { Origin } from "../ids/origin.ts";
import {
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import type { Condition } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";

/**
 * The rules that items of votes are written for. Code that knows other rules does not understand the item, and takes
 * its region as silent: silence is no vote. What a later version only remarks stands in attributes that begin with
 * `x-`: they change nothing and need no new number.
 */
export const voteRules = 1;

/** What every item of votes has, and the attributes that are its own. */
export interface ControlFields {
  readonly origin: Origin;
  /** Grows with every write. */
  readonly counter: number;
  readonly touchedAtMs: number;
  readonly fields: readonly (readonly [name: string, value: ItemValue])[];
}

const common: ReadonlySet<string> = new Set(["pk", "sk", "v", "rules", "touchedAt"]);

export function readFields(item: StoredItem, sk: string): Result<ControlFields, ItemNotUnderstood> {
  const origin = controlOrigin(item, sk);
  if (!origin.ok) {
    return origin;
  }
  const { v, rules, touchedAt } = item;
  if (rules !== voteRules) {
    return err(notUnderstood(item, "rules", `not ${voteRules}`));
  }
  if (!isCounter(v) || v === 0) {
    return err(notUnderstood(item, "v", "an item that was written has a counter"));
  }
  if (!isCounter(touchedAt)) {
    return err(notUnderstood(item, "touchedAt", "not a time"));
  }
  const fields = Object.entries(item).filter(([name]) => !common.has(name) && !name.startsWith("x-"));
  return ok({ origin: origin.value, counter: v, touchedAtMs: touchedAt, fields });
}

export function commonFields(counter: number, touchedAtMs: number) {
  return { v: counter, rules: voteRules, touchedAt: touchedAtMs };
}

/** A map with these members at most. */
export function readMembers(
  value: ItemValue | undefined,
  names: readonly string[],
): { readonly [name: string]: ItemValue } | undefined {
  return isItemMap(value) && Object.keys(value).every((name) => names.includes(name)) ? value : undefined;
}

/** Whether a text says something, and not more than fits. */
export function isRemark(value: ItemValue | undefined, charsMax: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= charsMax;
}

/** A whole item and what must hold for it to be written. */
export interface PlannedPut {
  readonly item: StoredItem;
  readonly onlyIf: readonly Condition[];
}

/**
 * That an item is still the one that was read, whatever version of the code has written it. `counter` is its `v` as it was
 * read, or nothing where there was no item.
 */
export function asItWasRead(counter: number | undefined): readonly Condition[] {
  return [
    counter === undefined
      ? { type: "absent", attribute: "v" }
      : { type: "equals", attribute: "v", value: counter },
  ];
}

/** Replaces an own item whole, if it is still the one that was read. */
export function planPut(item: StoredItem, counter: number | undefined): PlannedPut {
  return { item, onlyIf: asItWasRead(counter) };
}
