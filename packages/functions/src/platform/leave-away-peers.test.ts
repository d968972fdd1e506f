import { ok, type RemoteRead, type Result, type StorageError } from "@antipode/core";
import { expect, test } from "vitest";
import { createStepClock } from "../testing/test-world.ts";
import { leaveAwayForMs, leaveAwayPeers } from "./leave-away-peers.ts";

const key = { pk: "CART#1", sk: "a" };
const item = { ...key, v: 1 };
const away: Result<never, StorageError> = {
  ok: false,
  error: { type: "unavailable", operation: "GetItem Carts", reason: "ap-south-1: TimeoutError" },
};

/** Peers whose answers a test sets, and who was asked. */
function peers() {
  const clock = createStepClock();
  const asked: string[] = [];
  const states = new Map<string, Result<never, StorageError> | Promise<typeof away>>();
  const answer = async <T>(region: string, value: T) => {
    asked.push(region);
    return (await states.get(region)) ?? ok(value);
  };
  const remote: RemoteRead = {
    get: (region) => answer(region, item),
    queryPartition: (region) => answer(region, [item]),
  };
  return { clock, asked, states, remote: leaveAwayPeers(remote, clock) };
}

test("a peer that could not be read is not asked for a while, by anybody, and the others are", async () => {
  const { clock, asked, states, remote } = peers();
  states.set("ap-south-1", away);
  expect(await remote.get("ap-south-1", "Carts", key)).toEqual(away);
  clock.advance(leaveAwayForMs - 1);
  const told = { ok: false, error: { type: "unavailable", reason: expect.stringContaining("ap-south-1") } };
  expect(await remote.get("ap-south-1", "Carts", key)).toMatchObject(told);
  expect(await remote.queryPartition("ap-south-1", "Catalog", "p")).toMatchObject(told);
  expect(await remote.get("eu-west-1", "Carts", key)).toEqual(ok(item));
  expect(await remote.queryPartition("eu-west-1", "Carts", "p")).toEqual(ok([item]));
  expect(asked).toEqual(["ap-south-1", "eu-west-1", "eu-west-1"]);
});

test("then one request looks, while the others go by the old word; once it answers all do", async () => {
  const { clock, asked, states, remote } = peers();
  states.set("ap-south-1", away);
  await remote.get("ap-south-1", "Carts", key);
  clock.advance(leaveAwayForMs);
  const { promise, resolve } = Promise.withResolvers<typeof away>();
  states.set("ap-south-1", promise);
  const looking = remote.get("ap-south-1", "Carts", key);
  expect(await remote.get("ap-south-1", "Carts", key)).toMatchObject({ ok: false });
  states.delete("ap-south-1");
  resolve(undefined as never);
  expect(await looking).toEqual(ok(item));
  expect(await remote.get("ap-south-1", "Carts", key)).toEqual(ok(item));
  expect(asked).toHaveLength(3);
});

test("one that is still away when it is looked at is left alone for as long again", async () => {
  const { clock, asked, states, remote } = peers();
  states.set("ap-south-1", away);
  for (const waitMs of [0, leaveAwayForMs, leaveAwayForMs - 1, 1]) {
    clock.advance(waitMs);
    expect(await remote.get("ap-south-1", "Carts", key)).toMatchObject({ ok: false });
  }
  expect(asked).toHaveLength(3);
});

test("one that is busy, or whose data cannot be read, is asked again", async () => {
  const { asked, states, remote } = peers();
  for (const error of [
    { type: "throttled", operation: "GetItem Carts" },
    { type: "unreadable", operation: "GetItem Carts", reason: "" },
  ] as const) {
    states.set("ap-south-1", { ok: false, error });
    expect(await remote.get("ap-south-1", "Carts", key)).toMatchObject({ error });
  }
  expect(asked).toHaveLength(2);
});

test("a clock that is set back does not keep a peer away for longer", async () => {
  const { clock, asked, states, remote } = peers();
  states.set("ap-south-1", away);
  await remote.get("ap-south-1", "Carts", key);
  clock.advance(-3_600_000);
  states.delete("ap-south-1");
  expect(await remote.get("ap-south-1", "Carts", key)).toEqual(ok(item));
  expect(asked).toHaveLength(2);
});
