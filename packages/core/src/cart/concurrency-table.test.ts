import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { type CartShop, createCartShop, exchange } from "../testing/cart-shop.ts";
import { cartIds } from "../testing/cart-steps.ts";

let us: CartShop;
let eu: CartShop;

beforeEach(() => {
  us = createCartShop("us-east-1#1");
  eu = createCartShop("eu-west-1#1");
});

/** Both regions have seen everything, and show the same. */
function afterwards(): string {
  exchange(us, eu);
  expect(us.view()).toEqual(eu.view());
  return us.lines();
}

/** Lamps that both regions have seen. */
async function bothSeeLamps(quantity: number): Promise<void> {
  await us.add(1, "LAMP", quantity);
  exchange(us, eu);
}

/** A guest's cart with two tents, which both regions have seen. */
async function bothSeeGuest(): Promise<void> {
  await us.add(1, "TENT", 2, cartIds.guest);
  exchange(us, eu);
}

/** By the names of the rows in docs/consistency.md. Each runs on two regions that are cut off from one another. */
const cases: Readonly<Record<string, () => Promise<void>>> = {
  "add ∥ add": async () => {
    await us.add(1, "LAMP", 2);
    await eu.add(2, "LAMP", 3);
    expect(afterwards()).toBe("LAMP 5");
  },

  "one operation id in two regions": async () => {
    await us.add(1, "LAMP", 2);
    await eu.add(1, "LAMP", 2);
    await us.set(2, "TENT", 3);
    await eu.set(2, "TENT", 3);
    expect(afterwards()).toBe("LAMP 2, TENT 3");
  },

  "remove ∥ add": async () => {
    await bothSeeLamps(2);
    await us.remove(2, "LAMP");
    await eu.add(3, "LAMP", 3);
    expect(afterwards()).toBe("LAMP 3");
  },

  "set ∥ set": async () => {
    await bothSeeLamps(9);
    await us.set(2, "LAMP", 4);
    await eu.set(3, "LAMP", 7);
    expect(afterwards()).toBe("LAMP 7");
  },

  "set ∥ add": async () => {
    await bothSeeLamps(9);
    await us.set(2, "LAMP", 4);
    await eu.add(3, "LAMP", 1);
    expect(afterwards()).toBe("LAMP 5");
  },

  "set ∥ remove": async () => {
    await bothSeeLamps(9);
    await us.set(2, "LAMP", 4);
    await eu.remove(3, "LAMP");
    expect(afterwards()).toBe("LAMP 4");
  },

  "remove ∥ remove": async () => {
    await bothSeeLamps(9);
    await us.remove(2, "LAMP");
    await eu.remove(3, "LAMP");
    expect(afterwards()).toBe("");
  },

  "guest-merge ∥ guest-merge": async () => {
    await bothSeeGuest();
    await us.merge(10);
    await eu.merge(11);
    expect(us.lines()).toBe("TENT 2");
    expect(afterwards()).toBe("TENT 2");
  },

  "guest-merge ∥ remove": async () => {
    await bothSeeGuest();
    await us.merge(10);
    exchange(us, eu);
    await us.add(2, "TENT", 3, cartIds.guest);
    await us.merge(11);
    await eu.remove(12, "TENT"); // it has seen the first two tents
    expect(afterwards()).toBe("TENT 3");
  },

  "guest-merge ∥ remove in the guest's cart": async () => {
    await bothSeeGuest();
    await us.merge(10);
    await eu.remove(11, "TENT", cartIds.guest);
    expect(afterwards()).toBe("TENT 2");
    await eu.merge(12);
    expect(afterwards()).toBe("");
  },

  "checkout ∥ add": async () => {
    await bothSeeLamps(2);
    await us.begin(0);
    await eu.add(2, "LAMP", 3);
    expect(afterwards()).toBe("LAMP 5");
    await us.ordered(0, us);
    expect(afterwards()).toBe("LAMP 3");
  },

  "checkout ∥ remove": async () => {
    await bothSeeLamps(2);
    await us.begin(0);
    await eu.remove(2, "LAMP");
    exchange(us, eu);
    const [ordered] = us.seen().get(us.origin)?.ordered.values() ?? [];
    expect(ordered?.size).toBe(1); // removed from the cart, not from the order
    await us.ordered(0, us);
    expect(afterwards()).toBe("");
  },

  "checkout ∥ set": async () => {
    await bothSeeLamps(2);
    await us.begin(0);
    await eu.set(2, "LAMP", 5);
    await us.ordered(0, us);
    expect(afterwards()).toBe("LAMP 5");
  },

  "checkout ∥ checkout": async () => {
    await bothSeeLamps(2);
    await eu.add(2, "TENT", 1);
    await us.begin(0);
    await eu.begin(0);
    expect(await eu.ordered(0, us)).toBe("winner-not-seen");
    expect(afterwards()).toBe("LAMP 2, TENT 1");
    expect(us.view().checkoutOpen).toBe(true);
    await us.ordered(0, us); // it had not seen the tent
    await eu.ordered(0, us);
    expect(afterwards()).toBe("TENT 1");
    expect(us.view()).toMatchObject({ generation: 1, checkoutOpen: false });
  },

  "failed checkout ∥ add": async () => {
    await bothSeeLamps(2);
    await us.begin(0);
    await eu.add(2, "LAMP", 3);
    await us.failed(0);
    expect(afterwards()).toBe("LAMP 5");
    expect(us.view()).toMatchObject({ generation: 1, checkoutOpen: false });
  },
};

describe("two regions that are cut off from one another", () => {
  test.each(Object.entries(cases))("%s", async (_name, run) => {
    await run();
  });

  test("are documented case by case, and the document promises nothing else", () => {
    const document = readFileSync(new URL("../../../../docs/consistency.md", import.meta.url), "utf8");
    const section = document.split(/^## /m).find((part) => part.startsWith("Carts, case by case")) ?? "";
    const rows = [...section.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, name]) => name);
    expect(rows).toEqual(["concurrent", ...Object.keys(cases)]);
  });
});
