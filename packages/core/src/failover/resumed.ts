import type { Origin } from "../ids/origin.ts";
import type { Drain } from "../votes/drained.ts";
import type { FailoverRecord } from "./record.ts";
import { isAsNewAs, wordsOf } from "./rounds.ts";
import type { FailoverView } from "./sight.ts";

/*
 * An operator's drain may end and stand again though nobody has said anything: where the code of regions is taken back to
 * one that cannot read their last words, closing and votes are forgotten, and begin anew for the same command. What was done
 * about the end is to be undone then, so the drain that stands again is another one.
 */

const resumption = / resumed ([1-9][0-9]{0,5})$/;

/** Which time in a row the drain of that name is, from 0. */
export function timesResumed(drainId: string): number {
  return Number(resumption.exec(drainId)?.[1] ?? 0);
}

const nameOf = (first: string, times: number) => (times === 0 ? first : `${first} resumed ${times}`);

/** Whether somebody outside has noticed the end of a drain: the first to do so are people. */
const isNoticed = ({ kind, steps }: FailoverRecord) => kind === "recovery" && steps.has("people");

/** Whether a recovery is the end of what a record is about, or of that record with another one's. */
function isEndOf(recovery: FailoverRecord, { kind, origin, drainId, counter }: FailoverRecord): boolean {
  const isCovered = kind === "failover" && counter <= (recovery.covered.get(origin) ?? 0);
  return recovery.drainId === drainId || isCovered;
}

/**
 * The name of a drain whose first one has that name: the newest that any record in sight has for it, or the next one, where
 * that one's end was noticed, and the words that the drain rests on are none from before that.
 */
export function resumedName(
  view: Pick<FailoverView, "records" | "rounds">,
  target: Origin,
  drain: Drain,
  first: string,
): string {
  const records = view.records.filter((record) => record.target === target);
  const named = records.filter(({ drainId }) => nameOf(first, timesResumed(drainId)) === drainId);
  const times = Math.max(0, ...named.map(({ drainId }) => timesResumed(drainId)));
  const newest = named.filter(({ drainId }) => timesResumed(drainId) === times);
  const ends = records.filter(isNoticed);
  const isOver = newest.some((record) => ends.some((recovery) => isEndOf(recovery, record)));
  const isLater = ends.every((recovery) => isAsNewAs(view, recovery, wordsOf(target, drain)));
  return nameOf(first, isOver && isLater ? times + 1 : times);
}
