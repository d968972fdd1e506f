import {
  covers,
  emptyVector,
  err,
  foldProduct,
  itemToView,
  ok,
  type ProductId,
  type ProductView,
  parseProductId,
  type Result,
  vectorToEtag,
  viewKey,
} from "@antipode/core";
import { type ConsistencyWish, consistencyHeaders } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Exchange, type Outcome, tagged } from "../../exchange.ts";
import { notUnderstoodProblem, type Problem, storageProblem } from "../../problems.ts";
import { catalogCaching } from "./list.ts";
import { viewToBody } from "./product-answer.ts";
import { lookAt, type Wishes } from "./sight.ts";

export const productNotFound: Problem = { name: "product-not-found", detail: "No product has this id." };

interface Found {
  readonly view: ProductView;
  readonly headers: Readonly<Record<string, string>>;
}

/** The view as the region keeps it: one read of one item. */
async function readView(
  { items }: ApiDeps,
  id: ProductId,
): Promise<Result<ProductView | undefined, Problem>> {
  const item = await items.get("Views", viewKey(id));
  if (!item.ok) {
    return err(storageProblem(item.error));
  }
  if (item.value === undefined) {
    return ok(undefined);
  }
  const view = itemToView(item.value);
  return view.ok ? view : err(notUnderstoodProblem(view.error));
}

/** What the view does not show: the edits themselves, here and, for a client that has seen more, where they were made. */
async function readBeyondView(
  deps: ApiDeps,
  id: ProductId,
  wishes: Wishes,
): Promise<Result<Found | undefined, Problem>> {
  const sight = await lookAt(deps, id, wishes);
  if (!sight.ok) {
    return sight;
  }
  const fold = foldProduct(id, sight.value.edits);
  return ok(fold.type === "product" ? { view: fold.view, headers: sight.value.headers } : undefined);
}

async function find(
  deps: ApiDeps,
  id: ProductId,
  consistency: ConsistencyWish | undefined,
): Promise<Result<Found | undefined, Problem>> {
  const view = await readView(deps, id);
  if (!view.ok) {
    return view;
  }
  if (consistency === undefined && view.value === undefined) {
    return ok(undefined);
  }
  // A view has room for so many conflicts only.
  const enough =
    view.value !== undefined &&
    view.value.conflictsLeftOut === undefined &&
    covers(view.value.vector, consistency?.wanted ?? emptyVector);
  if (!enough) {
    return readBeyondView(deps, id, consistency === undefined ? {} : { consistency });
  }
  const headers = consistency === undefined ? {} : consistencyHeaders({}, consistency.strict);
  return ok({ view: view.value, headers });
}

export async function handleGetProduct(
  { params, ifNoneMatch, consistency }: Exchange<{ productId: string }, object, undefined>,
  deps: ApiDeps,
): Promise<Outcome> {
  const id = parseProductId(params.productId);
  if (!id.ok) {
    return err(productNotFound);
  }
  const found = await find(deps, id.value, consistency);
  if (!found.ok) {
    return found;
  }
  if (found.value === undefined) {
    return err(productNotFound);
  }
  const { view, headers } = found.value;
  return ok(
    tagged(vectorToEtag(view.vector), ifNoneMatch, {
      status: 200,
      body: viewToBody(view),
      headers: {
        ...headers,
        // What one client has seen is nobody else's business, and an answer for it is soon out of date.
        "Cache-Control": consistency === undefined ? catalogCaching : "private, no-store",
        Vary: "Consistency-Token, Prefer",
      },
    }),
  );
}
