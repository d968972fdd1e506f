import type { ProductEnd } from "./converge.ts";
import type { EditValue } from "./history.ts";
import type { PlannedProduct } from "./plan.ts";
import type { EditWish } from "./product-client.ts";
import type { Subject } from "./subjects.ts";

export interface Settlement {
  /** The regions of two operators who settle one conflict: they must not hear of each other. */
  readonly apart: readonly string[];
  readonly wishes: readonly EditWish[];
}

export interface SettlingRound {
  readonly work: readonly { readonly subject: Subject; readonly planned: PlannedProduct | undefined }[];
  readonly round: number;
}

/** What operators make of the round's conflicts: each takes one of the values that he is shown. */
export function settlementsOf(
  ends: readonly ProductEnd[],
  { work, round }: SettlingRound,
): readonly Settlement[] {
  return work.flatMap(({ subject, planned }, index) => {
    if (planned === undefined || planned.settledIn.length === 0) return [];
    const field = subject.fields[planned.kind];
    const conflict = ends[index]?.viewsOf(field)[0]?.conflict;
    if (conflict === undefined) return [];
    const wishes = planned.settledIn.map((region, operator) => ({
      name: `settlement of round ${round}, ${subject.id} in ${region}`,
      product: subject.id,
      field,
      value: conflict.values[operator]?.value as EditValue,
      settles: conflict.id,
      route: [region],
    }));
    return [{ apart: planned.settledIn, wishes }];
  });
}
