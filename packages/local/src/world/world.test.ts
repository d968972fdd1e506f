import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { createRandom, integerBetween, pick } from "../links/random.ts";
import {
  createShopper,
  listProducts,
  listRegionNames,
  readProduct,
  type Shopper,
} from "../testing/shopper.ts";
import { startWorld, type TestWorld, worldRegions } from "../testing/start-world.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe("four regions from the committed graphs", () => {
  it.each(worldRegions)("serve the seeded catalog: %s", async (region) => {
    const products = await listProducts(world.api(region), 3);
    expect(products).toHaveLength(3);
    for (const product of products) expect(await readProduct(world.api(region), product.id)).toEqual(product);
    expect(world.products).toBeGreaterThanOrEqual(1_000);
  });

  it.each(worldRegions)("lead to their page from its near addresses: %s", async (region) => {
    for (const path of ["/", "/docs/"]) {
      const response = await fetch(`${world.api(region)}${path}`);
      expect([response.url, response.status]).toEqual([`${world.api(region)}/docs`, 200]);
    }
  });

  it.each(worldRegions)("are ready, healthy, and say who they are: %s", async (region) => {
    for (const path of ["/ready", "/health"]) {
      const response = await fetch(`${world.api(region)}${path}`);
      expect([path, response.status, response.headers.get("served-by")]).toEqual([path, 200, region]);
    }
    expect(await listRegionNames(world.api(region))).toEqual(worldRegions);
  });

  it("need no right that infra/ does not give", () => {
    expect(world.warnings).toEqual([]);
  });
});

describe("links cut and healed at random", () => {
  it("lose and double nothing: 200 additions to ten carts from four regions", async () => {
    const seed = 20_261_123;
    const random = createRandom(seed);
    const fault = (): Fault => {
      const from = pick(random, worldRegions);
      const to = pick(
        random,
        worldRegions.filter((region) => region !== from),
      );
      return pick(random, [
        { type: "cut", from, to },
        { type: "cut", from, to, oneWay: true },
        { type: "loss", from, to, share: 0.5 },
        { type: "lag", from, to, ms: integerBetween(random, 0, 400) },
        { type: "heal", from, to },
      ] as const);
    };
    const skus = Array.from({ length: 6 }, (_, index) => `AP-TEST${index}`);
    const shoppers = await Promise.all(
      Array.from({ length: 10 }, () => createShopper(world.api, pick(random, worldRegions))),
    );
    const expected = new Map<Shopper, Map<string, number>>(shoppers.map((shopper) => [shopper, new Map()]));

    const additions = Array.from({ length: 200 }, (_, index) => ({
      shopper: shoppers[index % shoppers.length] as Shopper,
      region: pick(random, worldRegions),
      line: { sku: pick(random, skus), quantity: integerBetween(random, 1, 3) },
      retryIn: random() < 0.2 ? pick(random, worldRegions) : undefined,
    }));
    for (const [index, { shopper, region, line, retryIn }] of additions.entries()) {
      if (index % 5 === 0) world.apply(fault());
      const id = shopper.operationId();
      const statuses = [await shopper.add(region, line, id)];
      // The answer was lost, as far as this client knows: the same operation again, elsewhere.
      if (retryIn !== undefined) statuses.push(await shopper.add(retryIn, line, id));
      expect(
        statuses.every((status) => status === 200 || status === 201),
        `seed ${seed}: ${statuses}`,
      ).toBe(true);
      const quantities = expected.get(shopper);
      quantities?.set(line.sku, (quantities.get(line.sku) ?? 0) + line.quantity);
    }

    world.apply({ type: "heal" });
    await world.settled();
    for (const [shopper, quantities] of expected) {
      for (const region of worldRegions) {
        const cart = await shopper.read(region);
        const seen = cart.lines.map(({ sku, quantity }) => [sku, quantity]).sort();
        expect(seen, `seed ${seed}, ${region}`).toEqual([...quantities].sort());
      }
    }
    expect(world.warnings).toEqual([]);
  });

  it("keep each side of a cut to itself until it heals", async () => {
    const [here = "", there = ""] = worldRegions;
    const shopper = await createShopper(world.api, here);
    world.apply({ type: "cut", from: here, to: there });
    await shopper.add(here, { sku: "AP-HERE", quantity: 1 }, shopper.operationId());
    await shopper.add(there, { sku: "AP-THERE", quantity: 1 }, shopper.operationId());
    await world.settled();
    expect((await shopper.read(here)).lines).toEqual([{ sku: "AP-HERE", quantity: 1 }]);
    expect((await shopper.read(there)).lines).toEqual([{ sku: "AP-THERE", quantity: 1 }]);
    world.apply({ type: "heal" });
    await world.settled();
    expect((await shopper.read(here)).lines).toEqual((await shopper.read(there)).lines);
    expect((await shopper.read(here)).lines).toHaveLength(2);
  });
});

describe("a region that is killed", () => {
  it("answers nothing, loses nothing it had sent, and catches up when it is back", async () => {
    const [here = "", lost = ""] = worldRegions;
    const shopper = await createShopper(world.api, here);
    await shopper.add(lost, { sku: "AP-BEFORE", quantity: 1 }, shopper.operationId());
    await world.settled();
    world.apply({ type: "down", region: lost });
    const id = shopper.operationId();
    expect(await shopper.add(lost, { sku: "AP-MEANWHILE", quantity: 1 }, id)).toBeUndefined();
    expect(await shopper.add(here, { sku: "AP-MEANWHILE", quantity: 1 }, id)).toBeGreaterThanOrEqual(200);
    expect((await shopper.read(here)).lines).toHaveLength(2);
    // An operator's replay goes on to the regions that are there.
    const replays = await world.replay();
    expect(replays.map((outcome) => [outcome.region, outcome.error !== undefined])).toEqual(
      worldRegions.map((region) => [region, region === lost]),
    );
    world.apply({ type: "up", region: lost });
    await world.settled();
    expect((await shopper.read(lost)).lines).toEqual((await shopper.read(here)).lines);
  });
});
