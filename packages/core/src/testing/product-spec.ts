import type { FieldName } from "../catalog/fields.ts";
import { compareStamps } from "../clock/stamp.ts";
import type { ItemValue } from "../items/item.ts";
import type { EditEvent } from "./product-schedule.ts";
import { scheduledPrice } from "./product-steps.ts";

/*
 * What a product has to show, from the history alone: who had received what when they edited. No clock, counter or
 * register of the code under test is asked, except the stamps that the edits were given.
 */

export interface ExpectedValue {
  readonly value: ItemValue;
  readonly event: EditEvent;
}

export interface ExpectedField {
  readonly served: ItemValue;
  /** Newest first; a conflict when there are several. */
  readonly standing: readonly ExpectedValue[];
}

function valueIn(event: EditEvent, field: FieldName): ItemValue | undefined {
  return event.changes.find((change) => change.field === field)?.value;
}

/** What an edit of the field replaced: what it had seen, and what that had replaced. */
function replacedBy(event: EditEvent, field: FieldName, into: Set<EditEvent>): ReadonlySet<EditEvent> {
  for (const earlier of event.seen) {
    if (!into.has(earlier) && valueIn(earlier, field) !== undefined) {
      into.add(earlier);
      replacedBy(earlier, field, into);
    }
  }
  return into;
}

/** The edits of a field that none of the others replaced. */
export function standingEvents(events: readonly EditEvent[], field: FieldName): readonly EditEvent[] {
  const edits = events.filter((event) => valueIn(event, field) !== undefined);
  const replaced = new Set<EditEvent>();
  for (const event of edits) {
    replacedBy(event, field, replaced);
  }
  return edits.filter((event) => !replaced.has(event));
}

const byAge = (left: EditEvent, right: EditEvent) => compareStamps(left.stamp, right.stamp);

/** What an observer of these events must be shown of a field: `undefined` before its first edit. */
export function expectedField(events: readonly EditEvent[], field: FieldName): ExpectedField | undefined {
  const firstOfOperation = new Map<string, EditEvent>();
  for (const event of [...standingEvents(events, field)].sort(byAge)) {
    if (!firstOfOperation.has(event.operationId)) {
      firstOfOperation.set(event.operationId, event);
    }
  }
  const lastOfValue = new Map<string, ExpectedValue>();
  for (const event of [...firstOfOperation.values()].sort(byAge)) {
    const value = valueIn(event, field) ?? null;
    lastOfValue.set(JSON.stringify(value), { value, event });
  }
  const standing = [...lastOfValue.values()].sort((left, right) => byAge(right.event, left.event));
  const [newest] = standing;
  if (newest === undefined) {
    return undefined;
  }
  const lowest = Math.min(...standing.map(({ value }) => Number(value)));
  return { served: field === scheduledPrice ? lowest : newest.value, standing };
}
