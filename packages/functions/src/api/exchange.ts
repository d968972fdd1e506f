import type { OperationId, Result, ShopperSession } from "@antipode/core";
import type { ConsistencyWish } from "./consistency.ts";
import type { Problem } from "./problems.ts";

/** A checked request. */
export interface Exchange<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly nowMs: number;
  readonly requestId: string;
  readonly ifNoneMatch?: string;
  /** The provider's signature, where the contract takes the body as text. */
  readonly signature?: string;
  /** Where the contract reads it. */
  readonly ifMatch?: string;
  /** Where the contract reads it and the client sent a token. */
  readonly consistency?: ConsistencyWish;
}

/** What the contract's `security` and `operation` add to it. */
export interface Credentials {
  readonly session?: ShopperSession;
  /** The token that gave the session. */
  readonly token?: string;
  /** Who holds the operator's token that was sent. */
  readonly operator?: string;
  /** Why the token that was sent is not used, where none is needed. */
  readonly tokenRefused?: Problem;
  readonly operationId?: OperationId;
}

export interface Answer {
  readonly status: 200 | 201 | 202 | 304;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Outcome = Result<Answer, Problem>;

/** An answer with an entity tag: 304 when the client already has it. */
export function tagged(
  etag: string,
  ifNoneMatch: string | undefined,
  answer: Answer & { readonly headers: Readonly<Record<string, string>> },
): Answer {
  const headers = { ...answer.headers, ETag: etag };
  return ifNoneMatch !== undefined && matchesTag(ifNoneMatch, etag)
    ? { status: 304, headers }
    : { ...answer, headers };
}

/**
 * RFC 9110 §13.1: `*` or a list of tags. Our tags hold no comma, and are compared weakly in `If-Match` too, because a
 * proxy that compresses makes them weak.
 */
export function matchesTag(tags: string, etag: string): boolean {
  return (
    tags.trim() === "*" || tags.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === etag)
  );
}
