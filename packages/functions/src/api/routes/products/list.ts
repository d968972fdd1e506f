import {
  type Category,
  categoriesToWalk,
  cursorToPosition,
  err,
  itemToView,
  type ListingPosition,
  listKeyOf,
  ok,
  positionToCursor,
  type Result,
  type StorageError,
  type StoredItem,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { fillPage } from "../../page.ts";
import { type Problem, storageProblem } from "../../problems.ts";
import { viewToBody } from "./product-answer.ts";

export interface ListingQuery {
  readonly category?: Category | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Caches may answer for a few seconds, and for longer while no region answers them. */
export const catalogCaching = "public, max-age=5, stale-while-revalidate=30, stale-if-error=300";

function readPosition(query: ListingQuery): Result<ListingPosition | undefined, Problem> {
  if (query.cursor === undefined) {
    return ok(undefined);
  }
  const position = cursorToPosition(query.cursor);
  if (position.ok && (query.category === undefined || query.category === position.value.category)) {
    return position;
  }
  return err({
    name: "malformed-request",
    detail: "The cursor is not from an earlier page of this listing.",
  });
}

/** Walks categories until it has one item more than a page, which tells whether there is a next page. */
async function walk(
  { items }: ApiDeps,
  query: ListingQuery,
  position: ListingPosition | undefined,
): Promise<Result<readonly StoredItem[], StorageError>> {
  const found: StoredItem[] = [];
  for (const category of categoriesToWalk(query.category, position)) {
    const after = position?.category === category ? position.after : undefined;
    const page = await items.queryIndex("byCategory", {
      value: category,
      limit: query.limit + 1 - found.length,
      ...(after === undefined ? {} : { beyond: { side: "above", rangeKey: listKeyOf(after) } }),
    });
    if (!page.ok) {
      return page;
    }
    found.push(...page.value);
    if (found.length > query.limit) {
      break;
    }
  }
  return ok(found);
}

function readProduct(item: StoredItem, deps: ApiDeps, requestId: string) {
  const view = itemToView(item);
  if (!view.ok) {
    // One bad view must not hide the shop; its own page says 500, and the log names it.
    deps.log.error("view left out of a listing", { requestId, cause: view.error });
    return undefined;
  }
  return viewToBody(view.value);
}

export async function handleListProducts(
  { query, requestId }: Exchange<object, ListingQuery, undefined>,
  deps: ApiDeps,
): Promise<Outcome> {
  const position = readPosition(query);
  if (!position.ok) {
    return position;
  }
  const found = await walk(deps, query, position.value);
  if (!found.ok) {
    return err(storageProblem(found.error));
  }
  const page = fillPage(found.value, query.limit, (item) => readProduct(item, deps, requestId));
  const next = page.goesOnAfter === undefined ? null : nextCursor(page.goesOnAfter);
  return ok({
    status: 200,
    body: { items: page.bodies, next },
    headers: { "Cache-Control": catalogCaching },
  });
}

/** From the keys, so that an unreadable view does not end the listing. */
function nextCursor(last: StoredItem): string | null {
  const position = cursorToPosition(`${String(last["category"])}:${String(last["listKey"])}`);
  return position.ok ? positionToCursor(position.value) : null;
}
