import {
  itemToMeasuredLag,
  lagKey,
  type Origin,
  type RegionVotes,
  summarizeLags,
  votesToItem,
} from "@antipode/core";
import { createFakeItems, type FakeItems } from "@antipode/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import type { StreamChange } from "../dispatcher/record.ts";
import { createRecordingLog, createStepClock, startMs, testDeployment } from "../testing/test-world.ts";
import { createLagMeasuring } from "./measure-lag.ts";

const me = "us-east-1#1" as Origin;
const eu = "eu-west-1#1" as Origin;
const ap = "ap-south-1#1" as Origin;

let items: FakeItems;
let clock: ReturnType<typeof createStepClock>;
let log: ReturnType<typeof createRecordingLog>;
let measure: ReturnType<typeof createLagMeasuring>;

beforeEach(() => {
  items = createFakeItems(me);
  clock = createStepClock();
  log = createRecordingLog();
  measure = createLagMeasuring({ items, clock, log, deployment: testDeployment("us-east-1") });
});

/** Round n was made n times ten seconds after the start. */
const atMs = (round: number) => startMs + round * 10_000;

function votesOf(origin: Origin, counter: number): RegionVotes {
  const rounds = Array.from({ length: Math.min(30, counter) }, (_, back) => counter - back);
  return {
    origin,
    counter,
    touchedAtMs: atMs(counter),
    atMsByRound: new Map(rounds.map((round) => [round, atMs(round)])),
    heard: new Map(),
    backlogMs: 0,
    standings: new Map(),
  };
}

function round(origin: Origin, number: number, more: Partial<StreamChange> = {}): StreamChange {
  const item = votesToItem(votesOf(origin, number));
  return {
    sequenceNumber: String(number),
    eventName: "MODIFY",
    key: { pk: item.pk, sk: item.sk },
    parsed: { entity: origin, kind: "VOTES", writer: origin },
    item,
    ...more,
  };
}

/** It is so long after a round was made. */
function after(number: number, ms: number): void {
  clock.advance(atMs(number) + ms - clock.nowMs());
}

async function measuredOf(from: Origin) {
  const read = await items.get("Views", lagKey(me, from));
  const item = read.ok ? read.value : undefined;
  const lag = item === undefined ? undefined : itemToMeasuredLag(item);
  if (lag?.ok === false) {
    throw new Error(JSON.stringify(lag.error));
  }
  return lag?.value;
}

const lagsOf = async (from: Origin) => (await measuredOf(from))?.days.map(({ lags }) => lags);

describe("rounds of other regions", () => {
  test("are samples of the way from each of them to here, and the own ones of nothing", async () => {
    after(7, 120);
    await measure([round(eu, 7)]);
    await measure([round(me, 7)]);
    after(7, 300);
    await measure([round(ap, 7)]);
    after(8, 90);
    await measure([round(eu, 8)]);
    expect(await lagsOf(eu)).toEqual([summarizeLags([120, 90])]);
    expect(await lagsOf(ap)).toEqual([summarizeLags([300])]);
    expect(items.dump("Views")).toHaveLength(2);
    expect(log.entries).toEqual([]);
  });

  test("count once, by the stream's time, though a batch comes again or a record is read late", async () => {
    after(8, 3_600_000);
    const batch = [round(eu, 7, { arrivedAtMs: atMs(7) + 1_000 }), round(eu, 8, { arrivedAtMs: atMs(8) })];
    await measure(batch);
    await measure(batch);
    await measure([batch[0] as StreamChange]);
    expect(await lagsOf(eu)).toEqual([summarizeLags([1_999, 999])]);
    expect(await measuredOf(eu)).toMatchObject({ counter: 1, round: 8 });
  });

  test("that were overtaken on a cut link took until the next one came", async () => {
    after(7, 100);
    await measure([round(eu, 7)]);
    after(9, 100);
    await measure([round(eu, 9)]);
    expect(await lagsOf(eu)).toEqual([summarizeLags([100, 10_100, 100])]);
  });

  test("are passed over in another version's words, from a region that is none of ours, and removed", async () => {
    after(7, 100);
    const { item, ...removed } = round(eu, 7);
    await measure([
      { ...removed, eventName: "REMOVE" },
      { ...removed, item: { ...round(eu, 7).item, pk: item?.pk ?? "", sk: "VOTES", rules: 99 } },
      round("eu-north-1#1" as Origin, 7),
      { ...round(ap, 7), parsed: { entity: ap, kind: "HEARTBEAT", writer: ap } },
    ]);
    expect(items.dump("Views")).toEqual([]);
    expect(items.operations).toEqual([]);
  });
});

describe("a table of views that fails", () => {
  const failed = (operation: string) => ({ type: "throttled" as const, operation });

  test.each(["GetItem Views", "PutItem Views"])(
    "(%s) is asked again after a minute; what came meanwhile does not count as late",
    async (operation) => {
      after(7, 100);
      await measure([round(eu, 7)]);
      items.failNext(operation, failed(operation));
      after(8, 100);
      await measure([round(eu, 8)]);
      const asked = items.operations.length;
      after(13, 100);
      await measure([round(eu, 13)]);
      await measure([round(ap, 13)]);
      expect(items.operations.length).toBe(asked);
      after(14, 100);
      await measure([round(eu, 14)]);
      expect(await lagsOf(eu)).toEqual([summarizeLags([100, 100])]);
      expect(log.entries.map(({ level, message }) => [level, message])).toEqual([
        ["warn", "the lag of a region is not measured"],
      ]);
    },
  );

  test("is no longer waited for once it answered, by a clock that was set back either", async () => {
    items.failNext("GetItem Views", failed("GetItem Views"));
    after(700, 100);
    await measure([round(eu, 700)]);
    after(8, 100);
    await measure([round(ap, 8)]);
    expect(await lagsOf(ap)).toEqual([summarizeLags([100])]);
  });
});

test("another writer at the same moment is read again, and nothing counts twice", async () => {
  const { put } = items;
  after(7, 100);
  const racing: typeof put = async (...write) => {
    Object.assign(items, { put });
    const other = createLagMeasuring({ items, clock, log, deployment: testDeployment("us-east-1") });
    await other([round(eu, 7)]);
    return put(...write);
  };
  Object.assign(items, { put: racing });
  await measure([round(eu, 7)]);
  expect(await lagsOf(eu)).toEqual([summarizeLags([100])]);
  Object.assign(items, { put: async () => ({ ok: true, value: { type: "refused" } }) });
  after(8, 100);
  await measure([round(eu, 8)]);
  expect(log.entries).toMatchObject([{ level: "warn", cause: { type: "contended" } }]);
});

test("what is not understood is begun anew, over what stands there", async () => {
  items.load("Views", [{ ...lagKey(me, eu), v: 4, days: "many" }]);
  after(7, 100);
  await measure([round(eu, 7)]);
  expect(await measuredOf(eu)).toMatchObject({ counter: 5, round: 7 });
  expect(log.entries).toMatchObject([{ level: "warn", attribute: "round" }]);
});
