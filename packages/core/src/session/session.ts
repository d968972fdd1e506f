import * as z from "zod";
import { isShopperId, type ShopperId } from "../ids/cart-id.ts";
import { err, ok, type Result } from "../result/result.ts";

export const sessionIssuer = "antipode";

/** Longer than a shopper is likely to stay away from a cart. */
export const sessionLifetimeMs = 60 * 24 * 60 * 60 * 1000;

/** An operator works for a day at most; a token that leaks is worth nothing tomorrow. */
export const adminLifetimeMaxMs = 24 * 60 * 60 * 1000;

/** A session signed a moment ago in another region may come from slightly ahead. */
export const sessionClockToleranceMs = 60_000;

/** Ours have some 300; longer ones are not worth hashing. */
export const tokenCharsMax = 2_048;

/** Registered claims of RFC 7519, times in seconds since 1970. */
interface Claims {
  readonly iss: string;
  readonly iat: number;
  readonly exp: number;
}

export interface ShopperClaims extends Claims {
  readonly sub: ShopperId;
  readonly scope: "shopper";
}

export interface AdminClaims extends Claims {
  readonly sub: `operator:${string}`;
  readonly scope: "admin";
}

export type SessionClaims = ShopperClaims | AdminClaims;

export interface ShopperSession {
  readonly type: "shopper";
  readonly shopper: ShopperId;
  readonly expiresAtMs: number;
}

export interface AdminSession {
  readonly type: "admin";
  /** Who it is, for the log. */
  readonly operator: string;
  readonly expiresAtMs: number;
}

export type Session = ShopperSession | AdminSession;

export type SessionRefusal =
  /** Not a token, not signed by a key of the set, or claims that are neither a shopper's nor an operator's. */
  | { readonly type: "invalid-session" }
  /** A good token that is over: whose it was says where a new one comes from. */
  | { readonly type: "session-expired"; readonly scope: Session["type"] };

export function sessionClaims(shopper: ShopperId, nowMs: number): ShopperClaims {
  const iat = Math.floor(nowMs / 1000);
  return { iss: sessionIssuer, sub: shopper, scope: "shopper", iat, exp: iat + sessionLifetimeMs / 1000 };
}

/** A person's or a machine's short name: it ends up in logs and in the token. */
export function isOperatorName(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(text);
}

export type AdminClaimsRefusal =
  | { readonly type: "malformed-name"; readonly name: string }
  | { readonly type: "lifetime-out-of-bounds"; readonly lifetimeMaxMs: number };

/** What an operator's token says. Whoever signs it gives a reason to keep it short. */
export function adminClaims(
  name: string,
  nowMs: number,
  lifetimeMs: number,
): Result<AdminClaims, AdminClaimsRefusal> {
  if (!isOperatorName(name)) {
    return err({ type: "malformed-name", name });
  }
  const seconds = Math.floor(lifetimeMs / 1000);
  if (!(seconds >= 1 && lifetimeMs <= adminLifetimeMaxMs)) {
    return err({ type: "lifetime-out-of-bounds", lifetimeMaxMs: adminLifetimeMaxMs });
  }
  const iat = Math.floor(nowMs / 1000);
  return ok({ iss: sessionIssuer, sub: `operator:${name}`, scope: "admin", iat, exp: iat + seconds });
}

const times = { iss: z.literal(sessionIssuer), iat: z.int(), exp: z.int() };

const claimsSchema = z.discriminatedUnion("scope", [
  z.object({ ...times, scope: z.literal("shopper"), sub: z.string().refine(isShopperId) }),
  z.object({
    ...times,
    scope: z.literal("admin"),
    sub: z
      .string()
      .startsWith("operator:")
      .transform((text) => text.slice("operator:".length))
      .refine(isOperatorName),
  }),
]);

/**
 * Whether an operator's token keeps to its limit, by its own account and by this region's clock: one that was signed
 * for the far future is refused as well. `iat` alone decides nothing, since a region's clock may be hours behind.
 */
function livesTooLong({ iat, exp }: { iat: number; exp: number }, nowMs: number): boolean {
  return (
    (exp - iat) * 1000 > adminLifetimeMaxMs ||
    exp * 1000 - nowMs > adminLifetimeMaxMs + sessionClockToleranceMs
  );
}

/** Reads the claims of a token whose signature is good. */
export function claimsToSession(claims: unknown, nowMs: number): Result<Session, SessionRefusal> {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success || (parsed.data.scope === "admin" && livesTooLong(parsed.data, nowMs))) {
    return err({ type: "invalid-session" });
  }
  const { sub, scope, exp } = parsed.data;
  const expiresAtMs = exp * 1000;
  if (nowMs > expiresAtMs + sessionClockToleranceMs) {
    return err({ type: "session-expired", scope });
  }
  return ok(
    scope === "admin"
      ? { type: "admin", operator: sub, expiresAtMs }
      : { type: "shopper", shopper: sub, expiresAtMs },
  );
}
