import type { Condition } from "../ports/items.ts";

/** The parts of an update that adjust one number. */
export interface Adjustment {
  readonly add: Readonly<Record<string, number>>;
  readonly onlyIf: readonly Condition[];
}

/**
 * Adds `by`, negative or not, to a number that is never below the floor, and leaves it so: of adjustments at the same
 * time each happens on top of those before it, or is refused. A missing number counts as 0 when it is added to, and
 * nothing can be taken from it.
 */
export function adjustment(attribute: string, by: number, floor: number): Adjustment {
  // what is at or above the floor, or missing, stays so when no less than the floor and 0 is added: no condition
  const safe = by >= Math.max(floor, 0);
  const onlyIf: readonly Condition[] = safe ? [] : [{ type: "at-least", attribute, floor: floor - by }];
  return { add: { [attribute]: by }, onlyIf };
}
