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
import { fillPage } from "../../page.ts";
import { type Problem, storageProblem } from "../../problems.ts";
import { conflictToBody } from "../products/product-answer.ts";

export interface FeedQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What DynamoDB takes as a sort key: a longer one is no key of ours, and asking by it would be refused. */
const sortKeyBytesMax = 1_024;

/** The last sort key of a page, for clients to hand back and not to read. */
const sortKeyToCursor = (sk: string) => Buffer.from(sk, "utf8").toString("base64url");

function readCursor(cursor: string | undefined): Result<string | undefined, Problem> {
  if (cursor === undefined) {
    return ok(undefined);
  }
  const sk = Buffer.from(cursor, "base64url").toString("utf8");
  const stamp = sk.split("#", 2).join("#"); // an origin has one `#` itself
  const ours = sortKeyToCursor(sk) === cursor && Buffer.byteLength(sk, "utf8") <= sortKeyBytesMax;
  return ours && textToStamp(stamp).ok
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

function readEntry(item: StoredItem, deps: ApiDeps, requestId: string) {
  const fed = itemToConflict(item);
  if (!fed.ok) {
    // One bad entry must not hide the others; the log names it.
    deps.log.error("conflict left out of the feed", { requestId, cause: fed.error });
    return undefined;
  }
  return fedToBody(fed.value);
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
  const { bodies, goesOnAfter } = fillPage(found.value, query.limit, (item) =>
    readEntry(item, deps, requestId),
  );
  return ok({
    status: 200,
    body: { items: bodies, next: goesOnAfter === undefined ? null : sortKeyToCursor(goesOnAfter.sk) },
    headers: { "Cache-Control": "private, no-store" },
  });
}
