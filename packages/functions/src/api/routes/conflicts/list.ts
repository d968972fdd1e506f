import {
  conflictPartition,
  err,
  type FedConflict,
  itemToConflict,
  ok,
  type Result,
  type StoredItem,
  textToStamp,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { type Problem, storageProblem } from "../../problems.ts";
import { conflictToBody } from "../products/product-answer.ts";

export interface FeedQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The last sort key of a page, for clients to hand back and not to read. */
const sortKeyToCursor = (sk: string) => Buffer.from(sk, "utf8").toString("base64url");

function readCursor(cursor: string | undefined): Result<string | undefined, Problem> {
  if (cursor === undefined) {
    return ok(undefined);
  }
  const sk = Buffer.from(cursor, "base64url").toString("utf8");
  const stamp = sk.split("#", 2).join("#"); // an origin has one `#` itself
  return sortKeyToCursor(sk) === cursor && textToStamp(stamp).ok
    ? ok(sk)
    : err({ name: "malformed-request", detail: "The cursor is not from an earlier page of this feed." });
}

function fedToBody({ conflict, productId, seenAtMs }: FedConflict) {
  return {
    ...conflictToBody(conflict),
    product: productId,
    seenAt: new Date(seenAtMs).toISOString(),
  };
}

function readFeed(items: readonly StoredItem[], deps: ApiDeps, requestId: string) {
  const conflicts: ReturnType<typeof fedToBody>[] = [];
  for (const item of items) {
    const fed = itemToConflict(item);
    if (fed.ok) {
      conflicts.push(fedToBody(fed.value));
    } else {
      // One bad entry must not hide the others; the log names it.
      deps.log.error("conflict left out of the feed", { requestId, cause: fed.error });
    }
  }
  return conflicts;
}

export async function handleListConflicts(
  { query, requestId }: Exchange<object, FeedQuery, undefined>,
  deps: ApiDeps,
): Promise<Outcome> {
  const before = readCursor(query.cursor);
  if (!before.ok) {
    return before;
  }
  const found = await deps.items.queryNewest("Conflicts", conflictPartition, {
    limit: query.limit + 1, // one more tells whether there is a next page
    ...(before.value === undefined ? {} : { before: before.value }),
  });
  if (!found.ok) {
    return err(storageProblem(found.error));
  }
  const page = found.value.slice(0, query.limit);
  const last = found.value.length > query.limit ? page.at(-1) : undefined;
  return ok({
    status: 200,
    body: {
      items: readFeed(page, deps, requestId),
      next: last === undefined ? null : sortKeyToCursor(last.sk),
    },
    headers: { "Cache-Control": "private, no-store" },
  });
}
