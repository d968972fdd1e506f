import * as z from "zod";
import { isShopperId, type ShopperId } from "../ids/cart-id.ts";
import { err, ok, type Result } from "../result/result.ts";

export const sessionIssuer = "antipode";

/** Longer than a shopper is likely to stay away from a cart. */
export const sessionLifetimeMs = 60 * 24 * 60 * 60 * 1000;

/** A session signed a moment ago in another region may come from slightly ahead. */
export const sessionClockToleranceMs = 60_000;

/** Registered claims of RFC 7519, times in seconds since 1970. */
export interface SessionClaims {
  readonly iss: string;
  readonly sub: ShopperId;
  readonly scope: "shopper";
  readonly iat: number;
  readonly exp: number;
}

export interface Session {
  readonly shopper: ShopperId;
  readonly expiresAtMs: number;
}

export type SessionRefusal =
  /** Not a token, not signed by a key of the set, or claims that are not a shopper's. */
  { readonly type: "invalid-session" } | { readonly type: "session-expired" };

export function sessionClaims(shopper: ShopperId, nowMs: number): SessionClaims {
  const iat = Math.floor(nowMs / 1000);
  return { iss: sessionIssuer, sub: shopper, scope: "shopper", iat, exp: iat + sessionLifetimeMs / 1000 };
}

const claimsSchema = z.object({
  iss: z.literal(sessionIssuer),
  sub: z.string().refine(isShopperId),
  scope: z.literal("shopper"),
  iat: z.int(),
  exp: z.int(),
});

/** Reads the claims of a token whose signature is good. */
export function claimsToSession(claims: unknown, nowMs: number): Result<Session, SessionRefusal> {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success || !isShopperId(parsed.data.sub)) {
    return err({ type: "invalid-session" });
  }
  const expiresAtMs = parsed.data.exp * 1000;
  return nowMs > expiresAtMs + sessionClockToleranceMs
    ? err({ type: "session-expired" })
    : ok({ shopper: parsed.data.sub, expiresAtMs });
}
