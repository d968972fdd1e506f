import { expect, test } from "vitest";
import { add, expectProblem, openCart, removeLine, setQuantity } from "../testing/shopper.ts";
import { createTestApi } from "../testing/test-world.ts";

test.each([
  ["an add", add],
  ["a set", (api, cart) => setQuantity(api, cart, "LAMP", 2)],
  ["a removal", (api, cart) => removeLine(api, cart, "LAMP")],
] satisfies [string, (...of: Parameters<typeof add>) => Promise<Response>][])(
  "%s that the store has no room for finds the cart full: no failure of ours",
  async (_what, change) => {
    const api = createTestApi();
    const cart = await openCart(api);
    await add(api, cart, { sku: "LAMP", quantity: 1 });
    api.items.failNext("UpdateItem", { type: "item-too-large", operation: "UpdateItem Carts" });
    await expectProblem(await change(api, cart), 409, "cart-full");
    expect(api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  },
);
