import { makeCartId, ok } from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Credentials, Exchange, Outcome } from "../../exchange.ts";
import { newShopper, signSession } from "../../session-token.ts";

/** Writes nothing: a cart exists when its first line does, and its id says whose it is. */
export async function handleCreateCart(
  exchange: Exchange<object, object, object | undefined> & Credentials,
  deps: ApiDeps,
): Promise<Outcome> {
  const { nowMs } = exchange;
  const { session, token } =
    exchange.session === undefined || exchange.token === undefined
      ? await signSession(deps, newShopper(deps, nowMs), nowMs)
      : { session: exchange.session, token: exchange.token };
  const id = makeCartId(session.shopper, deps.randomness.ulid(nowMs));
  return ok({
    status: 201,
    body: { id, session: { token, expiresAt: new Date(session.expiresAtMs).toISOString() } },
    headers: { "Cache-Control": "no-store", Location: `/v1/carts/${id}` },
  });
}
