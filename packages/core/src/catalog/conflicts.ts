import { compareStamps, type Stamp } from "../clock/stamp.ts";
import { vectorToText } from "../clock/vector-text.ts";
import { type VersionVector, vectorEntry } from "../clock/version-vector.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { ItemValue } from "../items/item.ts";
import type { ServingRule } from "../strategy/strategies.ts";
import { equalValues } from "./content.ts";
import type { FieldName } from "./fields.ts";

/** One origin's last edit of a field. */
export interface Sibling {
  readonly value: ItemValue;
  readonly origin: Origin;
  readonly stamp: Stamp;
  readonly clock: VersionVector;
  readonly operationId: OperationId;
}

/** Edits of one field, none of which had seen another, with different values. */
export interface FieldConflict {
  /** The field and each sibling's own counter: the same in every region that has the same siblings. */
  readonly id: string;
  readonly field: FieldName;
  /** Newest stamp first; each value once. */
  readonly siblings: readonly Sibling[];
  readonly served: Sibling;
}

/** Positive when `left` is newer. Origins settle what equal stamps leave open. */
function compareAge(left: Sibling, right: Sibling): number {
  return compareStamps(left.stamp, right.stamp) || (left.origin < right.origin ? -1 : 1);
}

const newer = (left: Sibling, right: Sibling) => (compareAge(left, right) >= 0 ? left : right);
const older = (left: Sibling, right: Sibling) => (compareAge(left, right) <= 0 ? left : right);

/** Whether the editor of `later` had seen `earlier`: an edit of the same field, so it replaced it. */
export function supersedes(later: Sibling, earlier: Sibling): boolean {
  const own = vectorEntry(earlier.clock, earlier.origin);
  return later.origin !== earlier.origin && vectorEntry(later.clock, earlier.origin) >= own;
}

/** The edits that nobody replaced, of one edit of each origin. */
export function unreplaced(edits: readonly Sibling[]): readonly Sibling[] {
  return edits.filter((edit) => !edits.some((other) => supersedes(other, edit)));
}

/** Groups that hold the same thing become one member, the one that `keep` prefers. */
function joined(
  edits: readonly Sibling[],
  same: (left: Sibling, right: Sibling) => boolean,
  keep: (left: Sibling, right: Sibling) => Sibling,
): readonly Sibling[] {
  const kept: Sibling[] = [];
  for (const edit of edits) {
    const at = kept.findIndex((known) => same(known, edit));
    const known = kept[at];
    if (known === undefined) {
      kept.push(edit);
    } else {
      kept[at] = keep(known, edit);
    }
  }
  return kept;
}

/**
 * What still stands of a field, newest first, each value once. A retry that another region took is the operation as it
 * was first taken: its later stamp must not win over an edit made between. An operation id that was misused for two
 * values stays two values. The same value from two operations counts as of the newer one.
 */
export function standingValues(edits: readonly Sibling[]): readonly Sibling[] {
  if (edits.length < 2) {
    return edits;
  }
  const sameValue = (left: Sibling, right: Sibling) => equalValues(left.value, right.value);
  const sameOperation = (left: Sibling, right: Sibling) =>
    left.operationId === right.operationId && sameValue(left, right);
  const operations = joined(unreplaced(edits), sameOperation, older);
  return [...joined(operations, sameValue, newer)].sort((left, right) => compareAge(right, left));
}

const amountOf = ({ value }: Sibling) => (typeof value === "number" ? value : Number.POSITIVE_INFINITY);

const servers: Readonly<Record<ServingRule, (left: Sibling, right: Sibling) => Sibling>> = {
  "newest-stamp": newer,
  "lowest-amount": (left, right) => {
    const cheaper = amountOf(left) < amountOf(right) ? left : right;
    return amountOf(left) === amountOf(right) ? newer(left, right) : cheaper;
  },
};

/** The one that readers get; absent of none. */
export function serve(standing: readonly Sibling[], rule: ServingRule): Sibling | undefined {
  const [first, ...others] = standing;
  return first === undefined ? undefined : others.reduce(servers[rule], first);
}

export function conflictId(field: FieldName, siblings: readonly Sibling[]): string {
  const dots: Record<Origin, number> = {};
  for (const { origin, clock } of siblings) {
    dots[origin] = vectorEntry(clock, origin);
  }
  return `${field}@${vectorToText(dots)}`;
}
