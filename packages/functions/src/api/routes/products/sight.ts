import {
  editsKey,
  err,
  etagToVector,
  itemToEdits,
  type Origin,
  ok,
  type ProductEdits,
  type ProductId,
  productPartition,
  type Result,
  type StoredItem,
} from "@antipode/core";
import { type ConsistencyWish, coverItems, coverWish } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import { notUnderstoodProblem, type Problem, storageProblem } from "../../problems.ts";

/** A product's edits as far as this region can see, and what the answer says of that. */
export interface Sight {
  readonly edits: readonly ProductEdits[];
  readonly headers: Readonly<Record<string, string>>;
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

/** Reads the own replica, and elsewhere what the client has seen beyond it: by its token, or by the version it names. */
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
  const covered = await coverWish(deps, "Catalog", keyOf, partition.value, consistency);
  if (!covered.ok) {
    return covered;
  }
  let { items } = covered.value;
  const version = ifMatch === undefined ? undefined : etagToVector(ifMatch);
  if (version?.ok === true) {
    ({ items } = await coverItems(deps, "Catalog", keyOf, items, version.value));
  }
  const edits = readEdits(items);
  return edits.ok ? ok({ edits: edits.value, headers: covered.value.headers }) : edits;
}

/** What is seen with one origin's newer item in it. */
export function withEdits(sight: Sight, newer: ProductEdits): Sight {
  const others = sight.edits.filter((edit) => edit.origin !== newer.origin);
  return { ...sight, edits: [...others, newer] };
}
