import type { Origin } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart } from "../testing/buyer.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { readWitnessed } from "./witnessed.ts";

const lost = "us-east-1#1" as Origin;
const plenty = () => 300_000;

let world: TestShops;
let us: TestShop;
let eu: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  await world.beat();
  await deliverTo(us, "LAMP", 100);
  await world.replicate();
});

/** Orders of the lost region that a witness in eu-west-1 knows. */
async function witnessed(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const { status } = await buy(us, await filledCart(us), { body: { durability: "two-regions" } });
    expect(status).toBe(201);
  }
}

async function lampHolds(timeLeftMs = plenty): Promise<number | string> {
  const holds = await readWitnessed(eu.deps, lost, timeLeftMs);
  return holds.ok ? (holds.value.get("LAMP" as never)?.length ?? 0) : holds.error.type;
}

const ordersRead = () => eu.items.operations.filter((operation) => operation === "Query Orders").length;

describe("what witnesses know of a lost region", () => {
  test("is looked at where the newest state of the cell may lack it, and no order is read else", async () => {
    await witnessed(1);
    world.clock.advance(60_000);
    await deliverTo(us, "LAMP", 1); // the cell is touched a minute after the placement began
    await world.replicate();
    const before = ordersRead();
    expect(await lampHolds()).toBe(0);
    expect(ordersRead()).toBe(before);
  });

  test("counts a minute to the millisecond", async () => {
    await witnessed(1);
    world.clock.advance(59_999);
    await deliverTo(us, "LAMP", 1);
    await world.replicate();
    expect(await lampHolds()).toBe(1);
  });

  test("counts by the cell, whatever else of the region arrived later", async () => {
    await witnessed(1);
    await world.replicate();
    world.clock.advance(3_600_000);
    await deliverTo(us, "TENT", 1);
    await world.beat();
    expect(await lampHolds()).toBe(1);
  });

  test("counts once what two witnesses know, wherever their items are", async () => {
    await witnessed(1);
    await world.replicate();
    const [witness] = eu.items.dump("Orders").filter(({ sk }) => sk.startsWith("WITNESS#"));
    const second = `WITNESS#${witness?.sk.includes("ap-east-1") === true ? "ap-south-1#1" : "ap-east-1#1"}`;
    eu.items.load("Orders", witness === undefined ? [] : [{ ...witness, sk: second }]);
    expect(await lampHolds()).toBe(1);
    const scan: typeof eu.items.scan = (table, query) => eu.items.scan(table, { ...query, limit: 1 });
    const holds = await readWitnessed({ items: { ...eu.items, scan } }, lost, plenty);
    expect(holds.ok && holds.value.get("LAMP" as never)?.length).toBe(1);
  });

  test("is nothing where the order is known to have given its units back", async () => {
    expect(
      (
        await buy(us, await filledCart(us), {
          method: "pm_card_chargeDeclined",
          body: { durability: "two-regions" },
        })
      ).status,
    ).not.toBe(503);
    await world.replicate();
    expect(await lampHolds()).toBe(0);
  });

  test("refuses the whole where one witness cannot be read", async () => {
    await witnessed(1);
    await world.replicate();
    const witness = eu.items.dump("Orders").find(({ sk }) => sk.startsWith("WITNESS#"));
    if (witness === undefined) {
      throw new Error("nobody is a witness");
    }
    for (const strange of [{ units: "one" }, { placement: 5 }, { placement: "nobody" }, { later: true }]) {
      eu.items.load("Orders", [{ ...witness, ...strange }]);
      expect(await lampHolds(), JSON.stringify(strange)).toBe("item-not-understood");
    }
    eu.items.load("Orders", [{ ...witness, units: "one", placement: "ap-east-1#1" }]); // another's is not its business
    expect(await lampHolds()).toBe(0);
  });

  test("is read eight orders at a time, while there is time", async () => {
    await witnessed(20);
    let running = 0;
    let most = 0;
    const queryPartition: typeof eu.items.queryPartition = async (table, pk) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return eu.items.queryPartition(table, pk);
    };
    const deps = { items: { ...eu.items, queryPartition } };
    const holds = await readWitnessed(deps, lost, plenty);
    expect(holds.ok && holds.value.get("LAMP" as never)?.length).toBe(20);
    expect(most).toBe(8);
    let looks = 0;
    const read = ordersRead();
    const timeLeftMs = () => {
      looks += 1;
      return looks > 3 ? 59_999 : 60_000; // Stock, Orders, eight orders
    };
    expect(await lampHolds(timeLeftMs)).toBe("not-enough-time");
    expect(ordersRead() - read).toBe(8);
  });
});
