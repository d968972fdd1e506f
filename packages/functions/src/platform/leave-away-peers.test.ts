import { err, ok, type RemoteRead, type Result, type StorageError } from "@antipode/core";
import { describe, expect, test } from "vitest";
import type { Peers } from "../peer/peers.ts";
import { createStepClock } from "../testing/test-world.ts";
import { leaveAwayForMs, leaveAwayPeers, leaveSilentPeers, tellingWithinMs } from "./leave-away-peers.ts";

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

describe("asking peers", () => {
  const silent = err({ type: "peer-away", region: "ap-south-1", reason: "AbortError" } as const);

  /** Peers whose answers a test sets, and who was asked. */
  function asked() {
    const clock = createStepClock();
    const questions: string[] = [];
    const states = new Map<string, Awaited<ReturnType<Peers["ask"]>> | Promise<typeof silent>>();
    const peers: Peers = {
      async ask(region) {
        questions.push(region);
        return (await states.get(region)) ?? ok({ type: "granted" });
      },
    };
    const left = leaveSilentPeers(peers, clock);
    const ask = (region: string, timeoutMs = tellingWithinMs) => left.ask(region, {}, timeoutMs);
    return { clock, questions, states, ask };
  }

  test("one that gave no answer is not asked for a while, and the others are", async () => {
    const { clock, questions, states, ask } = asked();
    states.set("ap-south-1", silent);
    expect(await ask("ap-south-1")).toEqual(silent);
    clock.advance(leaveAwayForMs - 1);
    expect(await ask("ap-south-1")).toMatchObject({
      error: { type: "peer-away", region: "ap-south-1", leftAlone: true },
    });
    expect(await ask("eu-west-1")).toMatchObject({ ok: true });
    expect(questions).toEqual(["ap-south-1", "eu-west-1"]);
    states.delete("ap-south-1");
    clock.advance(1);
    expect(await ask("ap-south-1")).toMatchObject({ ok: true });
    expect(await ask("ap-south-1")).toMatchObject({ ok: true });
  });

  test("while one question looks whether it is back, the others go by the old word", async () => {
    const { clock, questions, states, ask } = asked();
    states.set("ap-south-1", silent);
    await ask("ap-south-1");
    clock.advance(leaveAwayForMs);
    const { promise, resolve } = Promise.withResolvers<typeof silent>();
    states.set("ap-south-1", promise);
    const looking = ask("ap-south-1");
    expect(await ask("ap-south-1")).toMatchObject({ ok: false });
    resolve(silent);
    expect(await looking).toEqual(silent);
    expect(await ask("ap-south-1")).toMatchObject({ ok: false });
    expect(questions).toHaveLength(2);
  });

  test("one that was reached and failed is asked again", async () => {
    const { questions, states, ask } = asked();
    states.set("ap-south-1", err({ ...silent.error, reached: true }));
    await ask("ap-south-1");
    await ask("ap-south-1");
    expect(questions).toHaveLength(2);
  });

  test("a question that had less time than any has says nothing of it, nor does one that looks", async () => {
    const { clock, questions, states, ask } = asked();
    states.set("ap-south-1", silent);
    await ask("ap-south-1", tellingWithinMs - 1);
    await ask("ap-south-1");
    clock.advance(leaveAwayForMs);
    await ask("ap-south-1", tellingWithinMs - 1);
    await ask("ap-south-1");
    expect(questions).toHaveLength(4);
    await ask("ap-south-1");
    expect(questions).toHaveLength(4);
  });
});
