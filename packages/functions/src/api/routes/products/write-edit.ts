import {
  err,
  type FieldEdit,
  type FieldName,
  foldProduct,
  itemToEdits,
  type OperationId,
  ok,
  type ProductId,
  type ProductView,
  planEdit,
  type Result,
  type StoredItem,
  vectorEntries,
  vectorToEtag,
} from "@antipode/core";
import { feedConflicts } from "../../../dispatcher/catalog/feed-conflicts.ts";
import type { ApiDeps } from "../../deps.ts";
import { matchesTag } from "../../exchange.ts";
import {
  contendedProblem,
  growthProblem,
  notUnderstoodProblem,
  type Problem,
  storageProblem,
} from "../../problems.ts";
import { type Sight, withEdits } from "./sight.ts";

/** Another request of this region wins the swap at most a few times before this one does. */
const attemptsMax = 5;

export interface Edit {
  readonly id: ProductId;
  readonly operationId: OperationId;
  /** Who edits. */
  readonly operator: string;
  readonly requestId: string;
  readonly changes: readonly FieldEdit[];
  readonly nowMs: number;
  /** Why the edit is refused of what is in sight. Not asked of a retry: it was accepted already. */
  readonly refuse: (seen: ProductView | undefined, sight: Sight) => Problem | undefined;
}

export interface Edited {
  readonly view: ProductView;
  readonly headers: Readonly<Record<string, string>>;
}

const reused: Problem = {
  name: "operation-id-reused",
  detail: "This Idempotency-Key was used for another edit of this product. Use a new one.",
};

/** An operator's way on: another region, or another product. */
const full: Problem = {
  name: "product-full",
  detail: "This region's item of the product is as large as one may be. Other regions may still take edits.",
};

/** The edit was made in sight of another region's item, which this region was told of and has not received. */
const notWholeHere: Problem = {
  name: "unavailable",
  detail: "The edit is taken; the product has not arrived here in whole. Send the same request again later.",
};

/** Whether the product has the version that `If-Match` names cannot be told while a part of that is out of reach. */
export function refuseUnknownVersion({ outOfReach, headers }: Sight): Problem | undefined {
  const missing = vectorEntries(outOfReach);
  return missing.length === 0
    ? undefined
    : {
        name: "not-covered",
        detail:
          "This region cannot read the version that If-Match names. Try again shortly, here or in another region.",
        headers,
        members: { missing: Object.fromEntries(missing) },
      };
}

export function refuseOtherVersion(
  ifMatch: string | undefined,
  { vector }: ProductView,
  { headers }: Sight,
): Problem | undefined {
  const version = vectorToEtag(vector);
  return ifMatch === undefined || matchesTag(ifMatch, version)
    ? undefined
    : {
        name: "version-changed",
        detail: "The product has been edited since. Look at it again, then repeat the edit.",
        headers: { ...headers, ETag: version },
      };
}

function viewOf(id: ProductId, { edits }: Sight): ProductView | undefined {
  const fold = foldProduct(id, edits);
  return fold.type === "product" ? fold.view : undefined;
}

/** What the edit replaces is in the feed first: a concurrent edit must not go before anybody could have seen it. */
async function feedReplaced(
  deps: ApiDeps,
  { id, changes }: Edit,
  seen: ProductView | undefined,
): Promise<Problem | undefined> {
  const fields = new Set<FieldName>(changes.map(({ field }) => field));
  const replaced = (seen?.conflicts ?? []).filter(({ field }) => fields.has(field));
  const fed = await feedConflicts(deps, id, replaced);
  return fed.ok ? undefined : storageProblem(fed.error);
}

function see(sight: Sight, item: StoredItem): Result<Sight, Problem> {
  const edits = itemToEdits(item);
  return edits.ok ? ok(withEdits(sight, edits.value)) : err(notUnderstoodProblem(edits.error));
}

type Attempt = { readonly type: "in-sight" | "again"; readonly sight: Sight };

/** Plans on what is in sight and writes once: `in-sight` when the edit is in it afterwards. */
async function attempt(deps: ApiDeps, edit: Edit, sight: Sight): Promise<Result<Attempt, Problem>> {
  const { id: productId, operationId, changes, nowMs } = edit;
  const { origin } = deps.deployment;
  const plan = planEdit(sight.edits, origin, { productId, operationId, changes, nowMs });
  if (plan.type === "operation-id-reused") {
    return err(reused);
  }
  if (plan.type === "done-already") {
    return ok({ type: "in-sight", sight });
  }
  const seen = viewOf(productId, sight);
  const problem = edit.refuse(seen, sight) ?? (await feedReplaced(deps, edit, seen));
  if (problem !== undefined) {
    return err(problem);
  }
  const outcome = await deps.items.put("Catalog", plan.item, plan.onlyIf);
  if (!outcome.ok) {
    return err(growthProblem(outcome.error, full));
  }
  if (outcome.value.type === "refused" && outcome.value.item === undefined) {
    throw new Error("an item that was there is gone: nobody deletes edits");
  }
  const stored = outcome.value.type === "written" ? plan.item : outcome.value.item;
  const next = stored === undefined ? ok(sight) : see(sight, stored);
  const type = outcome.value.type === "written" ? "in-sight" : "again";
  return next.ok ? ok({ type, sight: next.value }) : next;
}

/** Items hold values and no names. A retry is logged too: the answer of the first try may not have come. */
function logEdit({ log }: ApiDeps, { requestId, operator, id, operationId, changes }: Edit): void {
  const fields = changes.map(({ field }) => field);
  log.info("product edited", { requestId, operator, product: id, operationId, fields });
}

/** Writes the edit by compare and swap on the region's own item, and answers the product with it. */
export async function writeEdit(deps: ApiDeps, edit: Edit, from: Sight): Promise<Result<Edited, Problem>> {
  let sight = from;
  for (let count = 0; count < attemptsMax; count += 1) {
    const outcome = await attempt(deps, edit, sight);
    if (!outcome.ok) {
      return outcome;
    }
    ({ sight } = outcome.value);
    if (outcome.value.type === "in-sight") {
      logEdit(deps, edit);
      const view = viewOf(edit.id, sight);
      return view === undefined ? err(notWholeHere) : ok({ view, headers: sight.headers });
    }
  }
  return err(contendedProblem());
}
