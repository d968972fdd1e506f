import type { OperationId, Result, Session } from "@antipode/core";
import type { Problem } from "./problems.ts";

/** A checked request. */
export interface Exchange<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly nowMs: number;
  readonly requestId: string;
  readonly ifNoneMatch?: string;
}

/** What the contract's `security` and `operation` add to it. */
export interface Credentials {
  readonly session?: Session;
  /** The token that gave the session. */
  readonly token?: string;
  readonly operationId?: OperationId;
}

export interface Answer {
  readonly status: 200 | 201 | 304;
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

/** RFC 9110 §13.1.2: `*` or a list of tags, compared weakly. Our tags hold no comma. */
function matchesTag(ifNoneMatch: string, etag: string): boolean {
  return (
    ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === etag)
  );
}
