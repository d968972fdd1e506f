import { err, isShopperId, ok, type Result, type ShopperId } from "@antipode/core";
import { refuseSession } from "../../credentials.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Credentials, Exchange, Outcome } from "../../exchange.ts";
import type { Problem } from "../../problems.ts";
import { newShopper, signSession } from "../../session-token.ts";
import type { NewSession } from "./contract.ts";

type Asked = Exchange<object, object, NewSession> & Credentials;

/** A named account is an operator's to open; without a name it is the shopper who asks, or a new one. */
function shopperOf(asked: Asked, deps: ApiDeps): Result<ShopperId, Problem> {
  const { body, session, operator, tokenRefused, nowMs, requestId } = asked;
  if (tokenRefused !== undefined) {
    return err(tokenRefused); // who wants to stay the same shopper must not become another one unawares
  }
  const account = body?.shopper;
  if (account === undefined) {
    return ok(session?.shopper ?? newShopper(deps, nowMs));
  }
  if (session !== undefined) {
    return err({ name: "admin-scope-needed", detail: "Only an operator opens a named account's session." });
  }
  if (operator === undefined) {
    return refuseSession("unauthenticated", "Only an operator opens a named account's session.");
  }
  if (!isShopperId(account)) {
    throw new Error("the contract let through what is no shopper's id");
  }
  deps.log.info("an operator opens an account's session", { requestId, operator, shopper: account });
  return ok(account);
}

/** Writes nothing: a session is its token. */
export async function handleCreateSession(asked: Asked, deps: ApiDeps): Promise<Outcome> {
  const shopper = shopperOf(asked, deps);
  if (!shopper.ok) {
    return shopper;
  }
  const { session, token } = await signSession(deps, shopper.value, asked.nowMs);
  return ok({
    status: 201,
    body: { shopper: session.shopper, token, expiresAt: new Date(session.expiresAtMs).toISOString() },
    headers: { "Cache-Control": "no-store" },
  });
}
