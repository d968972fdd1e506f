import { createFakeItems, createFakeRemoteRead, origin } from "@antipode/core/testing";
import { expect, test } from "vitest";
import { remoteReadConformance } from "./remote-read-conformance.ts";

remoteReadConformance("in memory", async () => {
  const items = createFakeItems(origin("eu-west-1#1"));
  const away = createFakeItems(origin("ap-south-1#1"));
  const remote = createFakeRemoteRead({ "eu-west-1": items, "ap-south-1": away });
  remote.setUnreachable("ap-south-1");
  return { remote, load: async (table, item) => items.load(table, [item]), close: async () => {} };
});

test("a region of the one in memory comes back, and reads are booked", async () => {
  const remote = createFakeRemoteRead({ "eu-west-1": createFakeItems(origin("eu-west-1#1")) });
  const key = { pk: "a", sk: "b" };
  remote.setUnreachable("eu-west-1");
  expect(await remote.get("eu-west-1", "Carts", key)).toMatchObject({ ok: false });
  remote.setUnreachable("eu-west-1", false);
  expect(await remote.get("eu-west-1", "Carts", key)).toEqual({ ok: true, value: undefined });
  expect(await remote.queryPartition("eu-west-1", "Carts", "a")).toEqual({ ok: true, value: [] });
  expect(remote.reads).toEqual([
    "eu-west-1 GetItem Carts",
    "eu-west-1 GetItem Carts",
    "eu-west-1 Query Carts",
  ]);
});
