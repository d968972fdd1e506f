import { type Origin, type VersionVector, vectorEntry } from "@antipode/core";
import { type Attempt, doneEnd } from "../attempt.ts";
import type { Edit, EditHistory, ProductSight } from "./history.ts";

/** Whether an edit still counts, from what its operators were told and from nothing else. */
export interface Standing {
  readonly edit: Edit;
  /** `yes`: acknowledged, and no other editor can have seen it. `no`: replaced by one who had, or never done. */
  readonly stands: "yes" | "no" | "maybe";
}

/** A region's item that may have taken the edit, with a counter above `floor` and not above `ceiling`. */
interface Trace {
  readonly origin: Origin;
  readonly floor: number;
  /** Unknown while the request may still be carried out. */
  readonly ceiling: number | undefined;
}

const mayBeDone = ({ end }: Attempt) => end.type !== "refused";

/** What stands of one field of one product, by all edits of it so far. */
export function standingOf(history: EditHistory, product: string, field: string): readonly Standing[] {
  const sights = history.sights.filter((sight) => sight.product === product);
  const edits = history.edits.filter((edit) => edit.product === product && edit.field === field);
  return edits.map((edit) => {
    const traces = edit.attempts.filter(mayBeDone).map((tried) => traceOf(tried, sights));
    const others = edits.filter((other) => other !== edit);
    return { edit, stands: standsAgainst(edit, traces, others) };
  });
}

function traceOf({ origin, sent, end }: Attempt, sights: readonly ProductSight[]): Trace {
  const entry = ({ vector }: { readonly vector: VersionVector }) => vectorEntry(vector, origin);
  const floor = Math.max(0, ...sights.filter(({ at }) => at < sent).map(entry));
  if (end.type === "done") return { origin, floor, ceiling: entry(end) };
  const barrier = sights.find((sight) => sight.barrier && sight.at > end.at);
  const over = end.type === "unknown" && end.over && barrier !== undefined;
  return { origin, floor, ceiling: over ? entry(barrier) : undefined };
}

function standsAgainst(edit: Edit, traces: readonly Trace[], others: readonly Edit[]): Standing["stands"] {
  if (traces.every((trace) => others.some((other) => surelySaw(other, trace)))) return "no";
  const threatened = others.some((other) => other.attempts.some((tried) => canHaveSeen(tried, traces)));
  return doneEnd(edit.attempts) !== undefined && !threatened ? "yes" : "maybe";
}

/** An edit replaces what its answer covers; of a retry the answer may cover more than the edit itself had seen. */
function surelySaw({ attempts }: Edit, { origin, ceiling }: Trace): boolean {
  const first = attempts.find(mayBeDone);
  return (
    ceiling !== undefined && first?.end.type === "done" && vectorEntry(first.end.vector, origin) >= ceiling
  );
}

function canHaveSeen({ end }: Attempt, traces: readonly Trace[]): boolean {
  if (end.type === "refused") return false;
  if (end.type === "unknown") return true;
  return traces.some(({ origin, floor }) => vectorEntry(end.vector, origin) > floor);
}
