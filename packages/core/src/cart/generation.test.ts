import { beforeEach, describe, expect, test } from "vitest";
import { type CartShop, createCartShop, exchange, op } from "../testing/cart-shop.ts";
import { openCheckouts } from "./cart.ts";
import { planBegin, planFailed, planOrdered } from "./generation.ts";

let us: CartShop;
let eu: CartShop;
let ap: CartShop;

beforeEach(() => {
  us = createCartShop("us-east-1#1");
  eu = createCartShop("eu-west-1#1");
  ap = createCartShop("ap-south-1#1");
});

describe("beginning a checkout", () => {
  test("takes what is live and says what it is, once", async () => {
    await us.add(1, "LAMP", 2);
    await us.add(2, "TENT", 1);
    await us.remove(3, "TENT");
    const plan = planBegin(us.seen(), us.origin, us.step(0));
    expect(plan).toMatchObject({ operations: new Set([op(1)]), lines: [{ sku: "LAMP", quantity: 2 }] });
    await us.apply(plan);
    expect(us.own()).toMatchObject({ "k#0": new Set([op(1)]), v: 4 });
    expect(us.view()).toMatchObject({ checkoutOpen: true, generation: 0 });
    await us.add(4, "LAMP", 5);
    const again = planBegin(us.seen(), us.origin, us.step(0));
    expect(again).toEqual({ type: "done-already", operations: new Set([op(1)]) });
    exchange(us, eu);
    expect(openCheckouts(eu.seen())).toEqual(new Map([[us.origin, new Set([op(1)])]]));
  });

  test("of an empty cart is refused, also where only markers and zeros are left", async () => {
    expect(await us.begin(0)).toBe("cart-empty");
    await us.add(1, "LAMP", 2);
    await us.set(2, "LAMP", 0);
    await us.remove(3, "TENT");
    expect(await us.begin(0)).toBe("cart-empty");
  });

  test("of another generation than the current one is refused", async () => {
    await us.add(1, "LAMP", 2);
    await us.begin(0);
    await us.failed(0);
    expect(planBegin(us.seen(), us.origin, us.step(0))).toEqual({ type: "generation-ended", current: 1 });
    expect(planBegin(us.seen(), us.origin, us.step(2))).toEqual({ type: "generation-not-seen", current: 1 });
    expect(await us.begin(1)).toBe("written");
  });
});

describe("the end of a generation", () => {
  test("that was ordered takes away what was ordered, and nothing else, in every region", async () => {
    await us.add(1, "LAMP", 2);
    await us.begin(0);
    await us.add(2, "LAMP", 1);
    expect(await us.ordered(0, us)).toBe("written");
    expect(us.own()).toMatchObject({ g: 1, n: 1, x: new Set([op(1)]) });
    expect(us.own()).not.toHaveProperty("k#0");
    expect(await us.ordered(0, us)).toBe("done-already");
    expect(us.lines()).toBe("LAMP 1");
  });

  test("that failed leaves the lines live", async () => {
    await us.add(1, "LAMP", 2);
    await us.begin(0);
    expect(await us.failed(0)).toBe("written");
    expect(await us.failed(0)).toBe("done-already");
    expect(us.lines()).toBe("LAMP 2");
    expect(us.own()).toMatchObject({ g: 1 });
    expect(us.own()).not.toHaveProperty("k#0");
  });

  test("waits for the winner's operations where they are not known", async () => {
    await us.add(1, "LAMP", 2);
    exchange(us, eu);
    await us.begin(0);
    await eu.begin(0);
    const lost = { ...eu.step(0), winner: us.origin };
    expect(planOrdered(eu.seen(), eu.origin, lost)).toEqual({ type: "winner-not-seen", winner: us.origin });
    exchange(us, eu);
    expect(await eu.ordered(0, us)).toBe("written");
    expect(eu.lines()).toBe("");
  });

  test("needs no winner where an item past the generation was seen: it holds what was ordered", async () => {
    await us.add(1, "LAMP", 2);
    exchange(us, eu, ap);
    await us.begin(0);
    await us.ordered(0, us);
    exchange(us, ap);
    await ap.add(2, "TENT", 1);
    await ap.remove(3, "TENT"); // catches up
    await eu.begin(0);
    exchange(ap, eu);
    expect(await eu.ordered(0, us)).toBe("written");
    expect(eu.own()).toMatchObject({ g: 1 });
    expect(eu.lines()).toBe("");
  });

  test("of a generation that is two behind catches up with the current one", async () => {
    await us.add(1, "LAMP", 2);
    exchange(us, eu);
    await us.begin(0);
    await us.ordered(0, us);
    await us.add(2, "TENT", 1);
    await us.begin(1);
    await us.ordered(1, us);
    exchange(us, eu);
    expect(await eu.ordered(0, us)).toBe("written");
    expect(eu.own()).toMatchObject({ g: 2, x: new Set([op(1), op(2)]) });
    expect(eu.lines()).toBe("");
  });

  test("of a generation that was not seen is refused: what came before it is not known", () => {
    const step = eu.step(3);
    expect(planFailed(eu.seen(), eu.origin, step)).toEqual({ type: "generation-not-seen", current: 0 });
  });
});

describe("a region that is behind", () => {
  async function orderInUs(): Promise<void> {
    await us.add(1, "LAMP", 2);
    exchange(us, eu);
    await us.begin(0);
    await us.ordered(0, us);
    exchange(us, eu);
  }

  test("adds blindly, and stays behind", async () => {
    await orderInUs();
    await eu.add(2, "TENT", 1);
    expect(eu.own()).not.toHaveProperty("g");
    expect(eu.lines()).toBe("TENT 1");
  });

  test.each<[string, () => Promise<string>]>([
    ["set", () => eu.set(10, "TENT", 2)],
    ["remove", () => eu.remove(10, "TENT")],
    ["checkout", () => eu.begin(1)],
  ])("catches up with a %s: it then holds what was ordered", async (_name, change) => {
    await orderInUs();
    await eu.add(2, "TENT", 1);
    expect(await change()).toBe("written");
    expect(eu.own()).toMatchObject({ g: 1 });
    expect(eu.seen().get(eu.origin)?.cancelled.has(op(1))).toBe(true);
  });

  test("closes its own checkout when it catches up", async () => {
    await us.add(1, "LAMP", 2);
    exchange(us, eu);
    await us.begin(0);
    await eu.begin(0);
    await us.ordered(0, us);
    exchange(us, eu);
    await eu.set(2, "TENT", 1);
    expect(eu.own()).not.toHaveProperty("k#0");
    expect(await eu.ordered(0, us)).toBe("done-already");
    expect(eu.lines()).toBe("TENT 1");
  });
});
