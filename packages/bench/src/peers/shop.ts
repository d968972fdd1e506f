/** What both peers do behind their routers: the API's checks and domain, without its router and contracts. */
import {
  type AddLine,
  admitOperationId,
  authorizeCart,
  explainAddRefusal,
  isSku,
  itemToCart,
  itemToView,
  type Origin,
  parseCartId,
  parseProductId,
  quantityMax,
  replicasOf,
  type Sessions,
  type StoredItem,
  vectorToEtag,
  viewCart,
} from "@antipode/core";
import * as z from "zod";
import { found, type PeerAnswer, refusal } from "./answer.ts";
import type { PeerStore } from "./store.ts";

export interface PeerDeps {
  readonly region: string;
  readonly origin: Origin;
  readonly regions: readonly { readonly name: string; readonly origin: string }[];
  readonly domain: string;
  readonly store: PeerStore;
  readonly sessions: Sessions;
}

export interface AddRequest {
  readonly cart: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

const newLine = z.strictObject({
  sku: z.string().refine(isSku, "not a SKU such as DESK-LAMP-042-BLACK"),
  quantity: z.int().min(1).max(quantityMax),
});

const catalogCaching = "public, max-age=5, stale-while-revalidate=30, stale-if-error=300";

export async function readProduct({ store }: PeerDeps, text: string): Promise<PeerAnswer> {
  const id = parseProductId(text);
  const item = id.ok ? await store.getView(id.value) : undefined;
  if (item === undefined) {
    return refusal(404, "product-not-found");
  }
  const view = itemToView(item);
  return view.ok
    ? found(view.value.product, {
        etag: vectorToEtag(view.value.vector),
        "cache-control": catalogCaching,
      })
    : refusal(500, "stored-data-not-understood");
}

export function listRegions({ region, regions, domain }: PeerDeps): PeerAnswer {
  const listed = regions.map(({ name, origin }) => ({
    name,
    origin,
    url: domain === "" ? null : `https://${name}.${domain}`,
  }));
  return found({ servedBy: region, regions: listed }, { "cache-control": "no-store" });
}

type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly answer: PeerAnswer };

const refused = (status: number, name: string) => ({ ok: false, answer: refusal(status, name) }) as const;

async function checkAdd(deps: PeerDeps, request: AddRequest, nowMs: number): Promise<Checked<AddLine>> {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(request.authorization ?? "")?.[1];
  const session = token === undefined ? undefined : await deps.sessions.verify(token, nowMs);
  if (session?.ok !== true || session.value.type !== "shopper") {
    return refused(401, "unauthenticated");
  }
  const operationId = admitOperationId((request.idempotencyKey ?? "").trim().toUpperCase(), nowMs);
  if (!operationId.ok) {
    const { type } = operationId.error;
    return type === "malformed" ? refused(400, "malformed-request") : refused(422, type);
  }
  const body = newLine.safeParse(request.body);
  if (!body.success || !isSku(body.data.sku)) {
    return refused(422, "invalid-body");
  }
  const { sku, quantity } = body.data;
  const parsed = parseCartId(request.cart);
  const cart = parsed.ok ? authorizeCart(session.value, parsed.value, nowMs) : parsed;
  if (!cart.ok) {
    return cart.error.type === "cart-of-another-shopper"
      ? refused(403, "cart-of-another-shopper")
      : refused(404, "cart-not-found");
  }
  return { ok: true, value: { cartId: cart.value, operationId: operationId.value, sku, quantity, nowMs } };
}

function cartAnswer(id: string, items: readonly StoredItem[]): PeerAnswer {
  const carts = items.map(itemToCart).flatMap((cart) => (cart.ok ? [cart.value] : []));
  if (carts.length < items.length) {
    return refusal(500, "stored-data-not-understood");
  }
  const { generation, lines, vector } = viewCart(replicasOf(carts));
  return found(
    { id, generation, lines },
    { etag: vectorToEtag(vector), "cache-control": "private, no-cache" },
  );
}

export async function addLine(deps: PeerDeps, request: AddRequest): Promise<PeerAnswer> {
  const line = await checkAdd(deps, request, Date.now());
  if (!line.ok) {
    return line.answer;
  }
  const [outcome, items] = await Promise.all([
    deps.store.addLine(line.value, deps.origin),
    deps.store.queryCart(line.value.cartId),
  ]);
  const reason = outcome.written ? "done-already" : explainAddRefusal(line.value, outcome.item).type;
  if (reason === "done-already") {
    return cartAnswer(line.value.cartId, outcome.item === undefined ? items : [...items, outcome.item]);
  }
  return reason === "cart-full" ? refusal(409, reason) : refusal(422, reason);
}
