import { newKey } from "./buyer.ts";
import { operatorToken } from "./operator.ts";
import type { Opened } from "./shopper.ts";
import type { TestShop } from "./test-shops.ts";

interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(
  shop: TestShop,
  path: string,
  { token, body, key = newKey(shop), headers = {} }: Sent & { token: string; body?: unknown },
): Promise<Response> {
  return shop.checkout.request(path, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Idempotency-Key": key,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** A shopper cancels an order. */
export async function cancel(shop: TestShop, { token }: Opened, id: string, sent: Sent = {}) {
  return post(shop, `/v1/orders/${id}/cancellations`, { token, ...sent });
}

/** An operator says what has become of an order. */
export async function fulfil(shop: TestShop, id: string, type: string, sent: Sent = {}) {
  const token = await operatorToken(shop);
  return post(shop, `/v1/orders/${id}/fulfilments`, { token, body: { type }, ...sent });
}

export async function listOrders(shop: TestShop, { token }: Opened, query = ""): Promise<Response> {
  return shop.checkout.request(`/v1/orders${query}`, { headers: { Authorization: `Bearer ${token}` } });
}

/** The provider's event about an order's payment, as the tests' own webhooks read it. */
export async function sendEvent(
  shop: TestShop,
  hint: { readonly orderId: string; readonly placement?: string },
  signature = "good",
): Promise<Response> {
  return shop.checkout.request("/v1/payments/webhook", {
    method: "POST",
    headers: { "Stripe-Signature": signature },
    body: JSON.stringify({ eventId: "evt_1", paymentId: "pi_1", ...hint }),
  });
}
