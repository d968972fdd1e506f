import type * as z from "zod";
import type { ProblemName } from "./problems.ts";

/** What a path takes and gives. The specification is built from contracts, so they know nothing of behaviour. */
export interface Contract<Params, Query, Body> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Hono's form: `/v1/carts/:cartId`. */
  readonly path: string;
  readonly summary: string;
  /**
   * Whose bearer token is needed: a shopper's, an operator's, or `either` of the two. `optional`: one is used when it is
   * good.
   */
  readonly security: "none" | "optional" | "shopper" | "admin" | "either";
  /** Whether the path changes something by the client's operation id, in the `Idempotency-Key` header. */
  readonly operation: boolean;
  /** Whether `Consistency-Token` and `Prefer: consistency=strict` are read. */
  readonly consistency?: boolean;
  /** Whether `If-Match` is read. */
  readonly ifMatch?: boolean;
  /** Where what it makes can be read, when that is not below this path: every answer names it as `Location`. */
  readonly makes?: string;
  /** Whether what it answers has no version, though it changes something: it never becomes anything else. */
  readonly untagged?: boolean;
  /** Whether the body is taken as the text that was sent, whatever it is: a signature is over that. */
  readonly bodyText?: boolean;
  /** The largest body; `bodyBytesDefault` without. */
  readonly bodyBytesMax?: number;
  /** Path parameters are texts; handlers parse them, since a malformed id is an id of nothing. */
  readonly params: z.ZodType<Params>;
  readonly query: z.ZodType<Query>;
  readonly body: z.ZodType<Body>;
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
  /** Refusals beyond those that every path has. */
  readonly refusals: readonly ProblemName[];
}

/** A contract of any kind, for tables of them. */
export type AnyContract = Pick<
  Contract<unknown, unknown, unknown>,
  | "method"
  | "path"
  | "summary"
  | "security"
  | "operation"
  | "consistency"
  | "ifMatch"
  | "makes"
  | "untagged"
  | "bodyText"
  | "bodyBytesMax"
  | "answers"
  | "refusals"
>;
