import { expect, test } from "vitest";
import { counted } from "./counted.ts";

test("one is one, and all else is many", () => {
  expect([0, 1, 2].map((count) => counted(count, "cart"))).toEqual(["0 carts", "1 cart", "2 carts"]);
  expect([1, 2].map((count) => counted(count, "cart is filled", "carts are filled"))).toEqual([
    "1 cart is filled",
    "2 carts are filled",
  ]);
});
