import { cartPartition, err, ok, type Session } from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import { type Exchange, type Outcome, tagged } from "../../exchange.ts";
import { notUnderstoodProblem, storageProblem } from "../../problems.ts";
import { openCart } from "./access.ts";
import { cartAnswer, mergeItems } from "./merged.ts";

export async function handleGetCart(
  {
    params,
    session,
    nowMs,
    ifNoneMatch,
  }: Exchange<{ cartId: string }, object, undefined> & { session: Session },
  { items }: ApiDeps,
): Promise<Outcome> {
  const id = openCart(params.cartId, session, nowMs);
  if (!id.ok) {
    return id;
  }
  const partition = await items.queryPartition("Carts", cartPartition(id.value));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const cart = mergeItems(partition.value);
  if (!cart.ok) {
    return err(notUnderstoodProblem(cart.error));
  }
  const { etag, answer } = cartAnswer(id.value, cart.value);
  return ok(tagged(etag, ifNoneMatch, answer));
}
