import fc from "fast-check";
import { expect, test } from "vitest";
import { createStripeWebhooks } from "../payments/create-stripe-webhooks.ts";
import { anyRequest } from "../testing/any-request.ts";
import { buy, deliverTo, filledCart, placedIn } from "../testing/buyer.ts";
import { add, openCart } from "../testing/shopper.ts";
import { createTestShops } from "../testing/test-shops.ts";
import { adminToken } from "../testing/test-world.ts";

test("whatever is sent is answered, or refused as a problem: it is never a failure of ours", async () => {
  const world = createTestShops({ webhooks: createStripeWebhooks({ secret: "whsec_test" }) });
  const shop = world.shop("us-east-1");
  await world.beat();
  await deliverTo(shop, "LAMP", 1_000_000);
  await deliverTo(world.shop("eu-west-1"), "LAMP", 1);
  const mine = await filledCart(shop);
  const { order } = await placedIn(await buy(shop, mine));
  await add(shop, mine, { sku: "LAMP" });
  await world.replicate();
  const [yours, admin] = [await openCart(shop), await adminToken(shop.sessions)];
  const apps = { api: shop.app, checkout: shop.checkout, health: shop.health };
  /** Puts what is good in the place of its name. */
  const filled = (text: string) =>
    text
      .replace("MINE", mine.id)
      .replace("YOURS", yours.id)
      .replace("ORDER", order.id)
      .replace("GOOD", mine.token)
      .replace("ADMIN", admin);
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ target, query, body, token, key, type, ...sent }) => {
      const { app, method, path } = target;
      const bodyless = method === "GET" || method === "HEAD";
      const response = await apps[app].request(`${filled(path)}${query}`, {
        method,
        headers: {
          Authorization: `Bearer ${filled(token)}`,
          "Idempotency-Key": key,
          "Content-Type": type,
          "If-None-Match": sent.ifNoneMatch,
          "If-Match": sent.ifNoneMatch,
          "Stripe-Signature": sent.signature,
          Prefer: sent.prefer,
          ...(sent.seen === undefined ? {} : { "Consistency-Token": sent.seen }),
        },
        ...(body === undefined || bodyless ? {} : { body: filled(body) }),
      });
      statuses.add(response.status);
      const text = await response.text();
      // A strict reader may claim to have seen more than any region has.
      const cutOff = response.status === 503 && (method === "HEAD" || text.includes(":not-covered"));
      expect(response.status < 500 || cutOff).toBe(true);
      expect(response.headers.get("served-by")).toBe("us-east-1");
      if (response.status >= 400) {
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        expect(method === "HEAD" ? { status: response.status } : JSON.parse(text)).toMatchObject({
          status: response.status,
        });
      }
    }),
    { numRuns: 4_000 },
  );
  expect(shop.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  // The garbage reaches behind every door, or this test would prove little.
  expect([...statuses].sort()).toEqual(
    expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 409, 415, 422, 503]),
  );
});
