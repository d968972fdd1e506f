import type { Origin } from "@antipode/core";
import { expect, test } from "vitest";
import { fence } from "../control/fence.ts";
import { createTestShops } from "../testing/test-shops.ts";
import { createTestApi } from "../testing/test-world.ts";

const selling = async (api: Pick<ReturnType<typeof createTestApi>, "app">) => {
  const response = await api.app.request("/ready");
  return [response.status, Object(await response.json()).selling];
};

test("/ready says whether the region sells, and serves all the same", async () => {
  const world = createTestShops();
  const us = world.shop("us-east-1");
  expect(await selling(us)).toEqual([200, "no-lease"]);
  await world.beat();
  world.clock.advance(1_000); // a region without a lease looks again after a second
  expect(await selling(us)).toEqual([200, "yes"]);
  const step = { lost: "us-east-1#1" as Origin, reclaimer: "eu-west-1#1" as Origin };
  await fence(world.shop("ap-east-1").deps, step); // by one of them only
  await world.replicate();
  world.clock.advance(60_000);
  expect(await selling(us)).toEqual([200, "fenced"]);
  expect(await selling(world.shop("eu-west-1"))).toEqual([200, "yes"]);
});

test("/ready does not depend on knowing it", async () => {
  const api = createTestApi();
  api.items.failNext("Query Control", { type: "unavailable", operation: "", reason: "" });
  expect(await selling(api)).toEqual([200, "unknown"]);
  const rights = () => Promise.reject(new Error("a bug"));
  expect(await selling(createTestApi("us-east-1", { rights }))).toEqual([200, "unknown"]);
});

test("/ready waits for it a second and no longer", async () => {
  const waited: number[] = [];
  const api = createTestApi("us-east-1", {
    rights: () => new Promise(() => {}),
    delay: async (ms) => {
      waited.push(ms);
      if (ms > 1_000) await new Promise(() => {});
    },
  });
  expect(await selling(api)).toEqual([200, "unknown"]);
  expect(waited.toSorted()).toEqual([1_000, 3_000]);
});
