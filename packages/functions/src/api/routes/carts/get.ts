import { cartKey, cartPartition, err, ok, type ShopperSession, viewCart } from "@antipode/core";
import { coverWish } from "../../consistency.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Exchange, type Outcome, tagged } from "../../exchange.ts";
import { storageProblem } from "../../problems.ts";
import { openCart } from "./access.ts";
import { cartAnswer, readReplicas } from "./merged.ts";

export async function handleGetCart(
  exchange: Exchange<{ cartId: string }, object, undefined> & { session: ShopperSession },
  deps: ApiDeps,
): Promise<Outcome> {
  const { params, session, nowMs, ifNoneMatch, consistency } = exchange;
  const id = openCart(params.cartId, session, nowMs);
  if (!id.ok) {
    return id;
  }
  const partition = await deps.items.queryPartition("Carts", cartPartition(id.value));
  if (!partition.ok) {
    return err(storageProblem(partition.error));
  }
  const keyOf = (origin: Parameters<typeof cartKey>[1]) => cartKey(id.value, origin);
  const covered = await coverWish(deps, "Carts", keyOf, partition.value, consistency);
  if (!covered.ok) {
    return covered;
  }
  const replicas = readReplicas(covered.value.items);
  if (!replicas.ok) {
    return replicas;
  }
  const { etag, answer } = cartAnswer(id.value, viewCart(replicas.value));
  const headers = { ...answer.headers, ...covered.value.headers };
  return ok(tagged(etag, ifNoneMatch, { ...answer, headers }));
}
