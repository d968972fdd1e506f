import type { ItemNotUnderstood, StorageError } from "@antipode/core";
import { plainResponse } from "../platform/web/plain-response.ts";

/** The one table from error to status. Every refusal of the API is one of these. */
export const problems = {
  "malformed-request": { status: 400, title: "The request cannot be read" },
  "signature-refused": { status: 400, title: "The signature is not the provider's" },
  unauthenticated: { status: 401, title: "A token is needed" },
  "session-expired": { status: 401, title: "The session has expired" },
  "payment-declined": { status: 402, title: "The payment was declined" },
  "admin-scope-needed": { status: 403, title: "An operator's token is needed" },
  "cart-of-another-shopper": { status: 403, title: "The cart belongs to another shopper" },
  "order-of-another-shopper": { status: 403, title: "The order belongs to another shopper" },
  "guest-session-refused": { status: 403, title: "The guest's session does not open the guest's cart" },
  "not-found": { status: 404, title: "There is no such path" },
  "product-not-found": { status: 404, title: "There is no such product" },
  "variant-not-found": { status: 404, title: "The product has no such variant" },
  "conflict-not-found": { status: 404, title: "There is no such conflict" },
  "cart-not-found": { status: 404, title: "There is no such cart" },
  "order-not-found": { status: 404, title: "There is no such order" },
  "sku-not-found": { status: 404, title: "There is no such SKU" },
  "region-not-found": { status: 404, title: "There is no such region" },
  "not-ramped": { status: 404, title: "The region is to be led a share of its shoppers" },
  "no-vote": { status: 404, title: "The region votes against no such region" },
  "line-not-found": { status: 404, title: "There is no such line" },
  "method-not-allowed": { status: 405, title: "The path does not take this method" },
  "product-exists": { status: 409, title: "The product exists already" },
  "product-full": { status: 409, title: "The product takes no more edits in this region" },
  "conflict-changed": { status: 409, title: "The conflict has changed" },
  "too-many-drained": { status: 409, title: "Too few regions would stay open" },
  "cart-in-checkout": { status: 409, title: "The cart is in a checkout" },
  "cart-empty": { status: 409, title: "The cart is empty" },
  "cart-changed": { status: 409, title: "The cart holds something else" },
  "cart-not-covered": { status: 409, title: "The region has not seen all of the cart" },
  "prices-changed": { status: 409, title: "Prices have changed" },
  "sku-not-sold": { status: 409, title: "Something in the cart is not for sale" },
  "stock-short": { status: 409, title: "There is not enough stock" },
  "checkout-superseded": { status: 409, title: "Another checkout of the cart was first" },
  "checkout-expired": { status: 409, title: "The checkout was not paid in time" },
  "order-state": { status: 409, title: "The order does not allow it any more" },
  "cart-full": { status: 409, title: "The cart takes no more changes in this region" },
  contended: { status: 409, title: "Others are writing the same thing" },
  "cart-expired": { status: 410, title: "The cart has expired" },
  "version-changed": { status: 412, title: "The entity has another version" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "invalid-body": { status: 422, title: "The body is not what this path takes" },
  "amount-not-chargeable": { status: 422, title: "The amount cannot be charged" },
  "payment-method-needed": { status: 422, title: "A payment method is needed" },
  "token-of-another": { status: 422, title: "The Consistency-Token is not this cart's" },
  "operation-too-old": { status: 422, title: "The operation id is too old" },
  "operation-too-far-ahead": { status: 422, title: "The operation id is from the future" },
  "operation-id-reused": { status: 422, title: "The operation id stands for another operation" },
  "stored-data-not-understood": { status: 500, title: "Stored data cannot be read" },
  internal: { status: 500, title: "Something went wrong" },
  throttled: { status: 503, title: "The region is busy" },
  unavailable: { status: 503, title: "The region cannot reach its data" },
  "region-away": { status: 503, title: "A region that must answer cannot be reached" },
  "not-selling": { status: 503, title: "The region does not sell" },
  "not-covered": { status: 503, title: "The region has not seen all that you have" },
  drained: { status: 503, title: "The region is drained" },
  "not-ready": { status: 503, title: "The region is not ready" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemName = keyof typeof problems;

export interface Problem {
  readonly name: ProblemName;
  /** For this occurrence, in a sentence for a person. */
  readonly detail: string;
  /** Further members of the answer. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** When the same request is worth another try here, where it is worth one at all. */
  readonly retryAfterSeconds?: number | "never";
  /** For the log only: what a shopper need not see. */
  readonly cause?: unknown;
}

/** A store that is busy or away is worth another try soon: here, or in another region. */
const retrySoonSeconds = 1;

/** Whether the same request, as it was sent, may be taken a moment later: nothing about it is wrong. */
export function isWorthAnotherTry(name: ProblemName): boolean {
  return problems[name].status === 503 || name === "contended";
}

function retryAfter({
  name,
  retryAfterSeconds = retrySoonSeconds,
}: Problem): Readonly<Record<string, string>> {
  return isWorthAnotherTry(name) && retryAfterSeconds !== "never"
    ? { "Retry-After": String(retryAfterSeconds) }
    : {};
}

/** What a region can do nothing about: another one does not answer. */
const forWantOfPeers = ["not-covered", "region-away"] as const satisfies readonly ProblemName[];

/** A region that is not ready, or cut off from others, works as it should. */
const worksAsItShould: ReadonlySet<ProblemName> = new Set([
  "not-ready",
  "drained",
  "not-selling",
  ...forWantOfPeers,
]);

/** Whether it says nothing of how this region serves, and is counted apart. */
export function isForWantOfPeers(name: ProblemName): boolean {
  return forWantOfPeers.some((one) => one === name);
}

/** Whether it belongs into the error log. */
export function isFailure(name: ProblemName): boolean {
  return problems[name].status >= 500 && !worksAsItShould.has(name);
}

export function problemType(name: ProblemName): string {
  return `urn:antipode:problem:${name}`;
}

/** An RFC 9457 answer; `instance` is the request's id, which the log has too. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { status, title } = problems[problem.name];
  const body = {
    type: problemType(problem.name),
    title,
    status,
    detail: problem.detail,
    instance: requestId,
    ...problem.members,
  };
  return plainResponse(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...retryAfter(problem),
      ...problem.headers,
    },
  });
}

/**
 * Several tries met another writer each time. Whoever sends many requests at once about one thing of theirs brings this about,
 * so it is no failure of the region, and no evidence against it.
 */
export function contendedProblem(cause?: unknown): Problem {
  return { name: "contended", detail: "Try again shortly, with the same operation id.", cause };
}

export function storageProblem(error: StorageError): Problem {
  switch (error.type) {
    case "throttled":
      return {
        name: "throttled",
        detail: "Try again shortly, with the same operation id.",
        cause: error,
      };
    case "unavailable":
      return {
        name: "unavailable",
        detail: "Try again shortly, here or in another region, with the same operation id.",
        cause: error,
      };
    case "contended":
      return contendedProblem(error);
    case "unreadable":
      return { name: "stored-data-not-understood", detail: "The failure is logged.", cause: error };
    case "item-too-large":
    case "too-many-writes":
    case "foreign-item":
      return { name: "internal", detail: "The failure is logged.", cause: error };
  }
}

/** For the write of an item that grows with what people do: it may be full, which is no failure of ours. */
export function growthProblem(error: StorageError, full: Problem): Problem {
  return error.type === "item-too-large" ? { ...full, cause: error } : storageProblem(error);
}

export function notUnderstoodProblem(error: ItemNotUnderstood): Problem {
  return { name: "stored-data-not-understood", detail: "The failure is logged.", cause: error };
}

/** For what is read of several items: the store failed, or one of them is not understood. */
export function readProblem(error: StorageError | ItemNotUnderstood): Problem {
  return error.type === "item-not-understood" ? notUnderstoodProblem(error) : storageProblem(error);
}
