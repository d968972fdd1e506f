import { ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { add, expectProblem, openCart, read } from "../testing/shopper.ts";
import { createTestApi, createTestApis, startMs } from "../testing/test-world.ts";

describe("a cart's door", () => {
  test("asks for a session", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    for (const token of ["", "x.y.z", `${cart.token}x`]) {
      const response = await read(api, { ...cart, token });
      await expectProblem(response, 401, "unauthenticated");
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
  });

  test("takes a session of any region", async () => {
    const [us, , ap] = createTestApis();
    if (us === undefined || ap === undefined) {
      throw new Error("no regions");
    }
    expect((await add(ap, await openCart(us))).status).toBe(200);
  });

  test("is closed to another shopper's session", async () => {
    const api = createTestApi();
    const [mine, yours] = [await openCart(api), await openCart(api)];
    await expectProblem(await read(api, { id: yours.id, token: mine.token }), 403, "cart-of-another-shopper");
  });

  test("closes when the session or the cart is over", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    api.clock.advance(61 * 86_400_000);
    const expired = await expectProblem(await read(api, cart), 401, "session-expired");
    expect(expired).toMatchObject({
      detail: "Begin a new session without a token: POST /v1/sessions.",
    });

    const later = createTestApi();
    later.clock.advance(61 * 86_400_000);
    const fresh = await openCart(later);
    const old = `${fresh.id.slice(0, 31)}${ulidAt(startMs, 1)}`;
    await expectProblem(await read(later, { ...fresh, id: old }), 410, "cart-expired");
    const made = `${fresh.id.slice(0, 31)}${ulidAt(later.clock.nowMs() + 2 * 86_400_000, 1)}`;
    await expectProblem(await read(later, { ...fresh, id: made }), 404, "cart-not-found");
  });

  test("is open in the other regions to a cart made where the clock was two hours ahead, and no more", async () => {
    const ahead = createTestApi();
    ahead.clock.advance(2 * 3_600_000);
    const cart = await openCart(ahead);
    expect((await read(createTestApi(), cart)).status).toBe(200);
    ahead.clock.advance(1);
    await expectProblem(await read(createTestApi(), await openCart(ahead)), 404, "cart-not-found");
  });

  test.each(["crt_1_2", "CART%231", "..%2F", "__proto__"])("does not know %s", async (id) => {
    const api = createTestApi();
    const { token } = await openCart(api);
    await expectProblem(await read(api, { id, token }), 404, "cart-not-found");
  });
});
