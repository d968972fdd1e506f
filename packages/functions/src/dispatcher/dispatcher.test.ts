import { cartKey, err, isCartId, type Origin, ok } from "@antipode/core";
import { origin, ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { failure, streamEvent, streamRecord } from "../testing/stream-event.ts";
import {
  createRecordingLog,
  createRecordingMeasurements,
  createStepClock,
  startMs,
  testDeployment,
} from "../testing/test-world.ts";
import { readCartChange } from "./carts/read-cart-change.ts";
import { createDispatcher, type HandleGroup } from "./create-dispatcher.ts";
import { keyIsEnough, understandEach } from "./understand.ts";

const us = origin("us-east-1#1");
const eu = origin("eu-west-1#1");

function world(handle: HandleGroup, table: Parameters<typeof createDispatcher>[1]["table"] = "Carts") {
  const deps = {
    deployment: testDeployment("us-east-1"),
    clock: createStepClock(startMs),
    log: createRecordingLog(),
    measurements: createRecordingMeasurements(),
  };
  return { ...deps, dispatch: createDispatcher(deps, { table, handle }) };
}

function cartItem(number: number, at: Origin = us, attributes: object = {}) {
  const id = `crt_${ulidAt(startMs, 1)}_${ulidAt(startMs, number)}`;
  if (!isCartId(id)) {
    throw new Error(id);
  }
  return { ...cartKey(id, at), v: 1, touchedAt: startMs, ...attributes };
}

const accept: HandleGroup = async () => ok(undefined);

describe("a batch", () => {
  test("is handled by partition, each in stream order", async () => {
    const seen: string[][] = [];
    const { dispatch } = world(async (changes) => {
      seen.push(changes.map((change) => `${change.key.pk.slice(-1)}:${Number(change.sequenceNumber)}`));
      return ok(undefined);
    });
    const batch = [1, 2, 1, 3, 2, 1].map((number, index) => streamRecord(cartItem(number), index));
    expect(await dispatch(streamEvent(batch))).toEqual({ batchItemFailures: [] });
    expect(seen.sort()).toEqual([["1:0", "1:2", "1:5"], ["2:1", "2:4"], ["3:3"]]);
  });

  test("that fails half-way is reported from its first failing record, and the rest is still applied", async () => {
    const applied: string[] = [];
    const { dispatch, log, measurements } = world(async (changes) => {
      const entity = changes[0]?.key.pk.slice(-1) ?? "";
      if (entity === "2") {
        return err({ reason: "storage: throttled" });
      }
      applied.push(entity);
      return ok(undefined);
    });
    const batch = [1, 2, 3, 2, 4].map((number, index) => streamRecord(cartItem(number), index));
    expect(await dispatch(streamEvent(batch))).toEqual(failure(1, 3));
    expect(applied.sort()).toEqual(["1", "3", "4"]);
    expect(log.entries).toMatchObject([{ level: "error", reason: "storage: throttled", records: 2 }]);
    expect(measurements.recorded).toContainEqual({
      name: "RecordsFailed",
      values: [2],
      dimensions: { table: "Carts" },
    });
    expect(measurements.recorded).toContainEqual({
      name: "RecordsApplied",
      values: [3],
      dimensions: { table: "Carts" },
    });
  });

  test("with a bug in its handling fails those records, not the function", async () => {
    const { dispatch, log } = world(async (changes) => {
      if (changes[0]?.key.pk.endsWith("2")) {
        throw new Error("bug");
      }
      return ok(undefined);
    });
    const batch = [1, 2].map((number, index) => streamRecord(cartItem(number), index));
    expect(await dispatch(streamEvent(batch))).toEqual(failure(1));
    expect(log.entries).toMatchObject([{ reason: "a bug", error: new Error("bug") }]);
  });

  test("with a key of no known shape fails there, with key and reason in the log", async () => {
    const { dispatch, log } = world(accept);
    const strange = streamRecord({ pk: "BASKET#1", sk: "R#us-east-1#1" }, 1);
    expect(
      await dispatch(streamEvent([streamRecord(cartItem(1), 0), strange, streamRecord(cartItem(2), 2)])),
    ).toEqual(failure(1));
    expect(log.entries).toMatchObject([
      { level: "error", key: { pk: "BASKET#1" }, reason: "the partition key is not CART#…" },
    ]);
  });

  test("with an image that cannot be read fails there", async () => {
    const { dispatch, log } = world(accept);
    const record = streamRecord(cartItem(1), 0);
    const broken = { ...record, dynamodb: { ...record.dynamodb, NewImage: { pk: { B: "AA==" } } } };
    expect(await dispatch(streamEvent([broken]))).toEqual(failure(0));
    expect(log.entries).toMatchObject([{ reason: "new image: pk: unexpected type B" }]);
  });

  test("with a record that has no sequence number fails whole: there is no checkpoint to report", async () => {
    const { dispatch } = world(accept);
    const { SequenceNumber: _dropped, ...rest } = streamRecord(cartItem(1), 0).dynamodb ?? {};
    await expect(dispatch(streamEvent([{ eventName: "INSERT", dynamodb: rest }]))).rejects.toThrow(
      /sequence number/,
    );
  });

  test("of no records is fine", async () => {
    expect(await world(accept).dispatch(streamEvent([]))).toEqual({ batchItemFailures: [] });
  });
});

describe("replication lag", () => {
  const lags = async (items: ReturnType<typeof cartItem>[], arrivedAtMs: number, readAtMs: number) => {
    const { dispatch, clock, measurements } = world(accept);
    clock.advance(readAtMs - startMs);
    await dispatch(streamEvent(items.map((item, index) => streamRecord(item, index, arrivedAtMs))));
    return measurements.recorded.filter(({ name }) => name === "ReplicationLag");
  };

  test("is measured for each peer, and never for own writes", async () => {
    const items = [cartItem(1, us), cartItem(1, eu), cartItem(2, eu), cartItem(3, origin("ap-east-1#2"))];
    expect(await lags(items, startMs + 250, startMs + 250)).toEqual([
      { name: "ReplicationLag", values: [250, 250], dimensions: { peer: "eu-west-1" } },
      { name: "ReplicationLag", values: [250], dimensions: { peer: "ap-east-1" } },
    ]);
  });

  test("of a record that is read late counts to its arrival, within the stream's second", async () => {
    expect(await lags([cartItem(1, eu)], startMs + 2_000, startMs + 3_600_000)).toMatchObject([
      { values: [2_999] },
    ]);
  });

  test("is never below 0, and not guessed where the item does not say", async () => {
    expect(await lags([cartItem(1, eu)], startMs - 5_000, startMs - 5_000)).toMatchObject([{ values: [0] }]);
    expect(await lags([cartItem(1, eu, { touchedAt: "now" })], startMs, startMs)).toEqual([]);
  });
});

describe("the tables whose items need no work yet", () => {
  test("a cart item that nobody understands is found on arrival", async () => {
    const { dispatch, log } = world(understandEach(readCartChange));
    const batch = [cartItem(1), cartItem(2, us, { "o#1": "LAMP" })].map((item, index) =>
      streamRecord(item, index),
    );
    expect(await dispatch(streamEvent(batch))).toEqual(failure(1));
    expect(log.entries).toMatchObject([{ reason: "o#1: not an operation" }]);
  });

  test.each([
    ["Stock", "SKU#LAMP", "CELL#eu-west-1#1#0"],
    ["Orders", `ORDER#ord_${ulidAt(startMs, 1)}_${ulidAt(startMs, 2)}_0`, "EVENT#eu-west-1#1#1"],
    ["Control", "REGION#eu-west-1#1", "HEARTBEAT"],
  ] as const)("%s records are checked and measured", async (table, pk, sk) => {
    const { dispatch, measurements } = world(understandEach(keyIsEnough), table);
    const records = [streamRecord({ pk, sk, touchedAt: startMs }, 0), streamRecord({ pk, sk: "WHAT" }, 1)];
    expect(await dispatch(streamEvent(records))).toEqual(failure(1));
    expect(measurements.recorded).toContainEqual(
      expect.objectContaining({ name: "ReplicationLag", dimensions: { peer: "eu-west-1" } }),
    );
  });
});
