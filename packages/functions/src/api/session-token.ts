import { isShopperId, type ShopperId, type ShopperSession, sessionClaims } from "@antipode/core";
import type { ApiDeps } from "./deps.ts";

export interface SignedSession {
  readonly session: ShopperSession;
  readonly token: string;
}

/** A session of that shopper from now on. */
export async function signSession(deps: ApiDeps, shopper: ShopperId, nowMs: number): Promise<SignedSession> {
  const claims = sessionClaims(shopper, nowMs);
  return {
    session: { type: "shopper", shopper, expiresAtMs: claims.exp * 1000 },
    token: await deps.sessions.sign(claims),
  };
}

/** Somebody who was not here before. */
export function newShopper(deps: ApiDeps, nowMs: number): ShopperId {
  const shopper = deps.randomness.ulid(nowMs);
  if (!isShopperId(shopper)) {
    throw new Error(`not a shopper id: ${shopper}`);
  }
  return shopper;
}
