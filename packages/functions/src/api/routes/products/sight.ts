import {
  editsKey,
  emptyVector,
  err,
  etagToVector,
  itemToEdits,
  mergeVectors,
  missingEntries,
  type Origin,
  ok,
  originRegion,
  type ProductEdits,
  type ProductId,
  productPartition,
  type Result,
  type StoredItem,
  type VersionVector,
  vectorEntries,
} from "@antipode/core";
import { type ConsistencyWish, type Coverage, coverItems, grantWish } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import { notUnderstoodProblem, type Problem, storageProblem } from "../../problems.ts";

/** A product's edits as far as this region can see, and what the answer says of that. */
export interface Sight {
  readonly edits: readonly ProductEdits[];
  readonly headers: Readonly<Record<string, string>>;
  /** Of the version that `If-Match` names, what only a region has that cannot be read now. */
  readonly outOfReach: VersionVector;
}

export interface Wishes {
  readonly consistency?: ConsistencyWish;
  readonly ifMatch?: string;
}

export function readEdits(items: readonly StoredItem[]): Result<readonly ProductEdits[], Problem> {
  const edits: ProductEdits[] = [];
  for (const item of items) {
    const edit = itemToEdits(item);
    if (!edit.ok) {
      return err(notUnderstoodProblem(edit.error));
    }
    edits.push(edit.value);
  }
  return ok(edits);
}

/** The version that `If-Match` names; nothing for a list, `*`, and what is no version of ours. */
function namedVersion(ifMatch: string | undefined): VersionVector {
  const version = ifMatch === undefined ? undefined : etagToVector(ifMatch);
  return version?.ok === true ? version.value : emptyVector;
}

function outOfReach({ vector, away }: Coverage, version: VersionVector): VersionVector {
  const missing = vectorEntries(missingEntries(vector, version));
  return Object.fromEntries(missing.filter(([origin]) => away.includes(originRegion(origin))));
}

/**
 * Reads the own replica, and elsewhere what the client has seen beyond it: by its token and by the version it names, in
 * one go, so that a region that is away is waited for once.
 */
export async function lookAt(
  deps: ApiDeps,
  id: ProductId,
  { consistency, ifMatch }: Wishes,
): Promise<Result<Sight, Problem>> {
  const partition = await deps.items.queryPartition("Catalog", productPartition(id));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const keyOf = (origin: Origin) => editsKey(id, origin);
  const token = consistency?.wanted ?? emptyVector;
  const version = namedVersion(ifMatch);
  const covered = await coverItems(deps, "Catalog", keyOf, partition.value, mergeVectors(token, version));
  const headers = grantWish(missingEntries(covered.vector, token), consistency);
  if (!headers.ok) {
    return headers;
  }
  const edits = readEdits(covered.items);
  return edits.ok
    ? ok({ edits: edits.value, headers: headers.value, outOfReach: outOfReach(covered, version) })
    : edits;
}

/** What is seen with one origin's newer item in it. */
export function withEdits(sight: Sight, newer: ProductEdits): Sight {
  const others = sight.edits.filter((edit) => edit.origin !== newer.origin);
  return { ...sight, edits: [...others, newer] };
}
