import type { Origin } from "../ids/origin.ts";
import type { Drain } from "../votes/drained.ts";
import type { FailoverRecord } from "./record.ts";
import { drainsOf, type FailoverTask, type FailoverView } from "./sight.ts";

/*
 * A region's rounds are numbered, so of two sights of it the one of the greater round is the later one, by whomever and by
 * whatever clock. Who has heard less than a record went by does not know better than the record: it would take back what
 * stands, or begin anew what is over, and the others would put that right again and again while it stays cut off.
 */

/** Whose word a drain rests on: a region closes itself, or all others vote against it. */
export function wordsOf(target: Origin, drain: Drain): readonly Origin[] {
  return drain.type === "operator" ? [target] : drain.voters;
}

/** Whether what is in sight of these regions is as new as what a record went by. They are configured: no others are looked at. */
export function isAsNewAs(
  view: Pick<FailoverView, "rounds">,
  { rounds }: FailoverRecord,
  regions: readonly Origin[],
): boolean {
  return regions.every((one) => (view.rounds.get(one) ?? 0) >= (rounds.get(one) ?? 0));
}

/** What a run goes by, where what it is about still stands: the rounds that a drain rests on; of its end those of all. */
export function roundsFor(
  view: FailoverView,
  { kind, target }: FailoverTask,
): ReadonlyMap<Origin, number> | undefined {
  const drain = drainsOf(view).get(target);
  if ((kind === "failover") !== (drain !== undefined)) {
    return undefined;
  }
  const words: readonly Origin[] = drain === undefined ? view.configured : wordsOf(target, drain);
  return new Map([...view.rounds].filter(([origin]) => words.includes(origin)));
}
