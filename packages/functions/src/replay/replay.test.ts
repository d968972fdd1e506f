import { err, ok, type Result } from "@antipode/core";
import { describe, expect, test } from "vitest";
import { createRecordingLog, createRecordingMeasurements } from "../testing/test-world.ts";
import { createReplay, type FailedBatches } from "./create-replay.ts";

const functionArn = "arn:aws:lambda:us-east-1:111122223333:function:CatalogDispatcher";
const payload = JSON.stringify({ Records: [{ eventID: "1" }] });
const plenty = () => 300_000;

/** As Lambda files it: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
const filed = JSON.stringify({
  requestContext: {
    requestId: "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
    functionArn,
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 1,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2026-01-01T00:13:49.717Z",
  DDBStreamBatchInfo: {
    shardId: "shardId-00000001573689847184-864758bb",
    startSequenceNumber: "800000000003126276362",
    endSequenceNumber: "800000000003126276362",
    approximateArrivalOfFirstRecord: "2026-01-01T00:13:19Z",
    approximateArrivalOfLastRecord: "2026-01-01T00:13:19Z",
    batchSize: 1,
    streamArn: "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-01-01T00:04:06.388",
  },
  payload,
});

function world(
  objects: Record<string, string>,
  answer: (key: number) => Result<string, string> = () => ok('{"batchItemFailures":[]}'),
) {
  const bucket = new Map(Object.entries(objects));
  const invoked: { functionArn: string; payload: string }[] = [];
  const batches: FailedBatches = {
    async list(prefix, limit) {
      const keys = [...bucket.keys()].filter((key) => key.startsWith(prefix)).sort();
      return { keys: keys.slice(0, limit), complete: keys.length <= limit };
    },
    read: async (key) => bucket.get(key),
    async remove(key) {
      bucket.delete(key);
    },
  };
  const replay = createReplay({
    batches,
    invoker: {
      async invoke(arn, event) {
        invoked.push({ functionArn: arn, payload: event });
        return answer(invoked.length);
      },
    },
    log: createRecordingLog(),
    measurements: createRecordingMeasurements(),
  });
  return { replay, bucket, invoked };
}

const key = (name: string) => `aws/lambda/esm/shard/2026/01/01/${name}`;

describe("replaying failed batches", () => {
  test("runs each with its whole event, oldest first, and deletes what succeeds", async () => {
    const { replay, bucket, invoked } = world({ [key("b")]: filed, [key("a")]: filed, "other/c": filed });
    expect(await replay({}, plenty)).toEqual({
      replayed: 2,
      failed: [],
      remaining: 0,
      remainingIsAtLeast: false,
    });
    expect(invoked).toEqual([
      { functionArn, payload },
      { functionArn, payload },
    ]);
    expect([...bucket.keys()]).toEqual(["other/c"]);
  });

  test.each<[string, Result<string, string>, RegExp]>([
    [
      "records fail again",
      ok('{"batchItemFailures":[{"itemIdentifier":"8"}]}'),
      /1 records failed again, from 8/,
    ],
    ["the function fails", err("Unhandled: no"), /Unhandled: no/],
    ["the answer is no batch response", ok('"done"'), /not a batch response/],
  ])("keeps a batch when %s", async (_what, answer, reason) => {
    const { replay, bucket } = world({ [key("a")]: filed }, () => answer);
    const summary = await replay({}, plenty);
    expect(summary).toMatchObject({ replayed: 0, remaining: 1, failed: [{ key: key("a") }] });
    expect(summary.failed[0]?.reason).toMatch(reason);
    expect(bucket.size).toBe(1);
  });

  test.each(["", "{", "{}", JSON.stringify({ requestContext: { functionArn } })])(
    "keeps what is no failed batch (%j), runs nothing for it and goes on",
    async (text) => {
      const { replay, invoked } = world({ [key("a")]: text, [key("b")]: filed });
      expect(await replay(undefined, plenty)).toMatchObject({
        replayed: 1,
        remaining: 1,
        failed: [{ key: key("a") }],
      });
      expect(invoked).toHaveLength(1);
    },
  );

  test("goes on behind an object that the store does not give", async () => {
    const { replay } = world({ [key("a")]: filed, [key("b")]: filed }, (call) => {
      if (call === 1) {
        throw new Error("reset");
      }
      return ok("null");
    });
    expect(await replay({}, plenty)).toMatchObject({ replayed: 1, failed: [{ reason: "Error: reset" }] });
  });

  test("does not call it a failure when another replay was faster", async () => {
    const faster = world({ [key("a")]: filed, [key("b")]: filed }, () => {
      faster.bucket.delete(key("b"));
      return ok("null");
    });
    expect(await faster.replay({}, plenty)).toMatchObject({ failed: [], remaining: 0 });
    expect(faster.invoked).toHaveLength(1);
  });

  test("does as much as it is asked, and as it has time for", async () => {
    const objects = { [key("a")]: filed, [key("b")]: filed, [key("c")]: filed };
    expect(await world(objects).replay({ limit: 2 }, plenty)).toMatchObject({ replayed: 2, remaining: 1 });
    expect(await world(objects).replay({ prefix: key("c") }, plenty)).toMatchObject({
      replayed: 1,
      remaining: 0,
    });
    let left = 80_000;
    const running = world(objects).replay({}, () => {
      left -= 25_000;
      return left;
    });
    expect(await running).toMatchObject({ replayed: 1, remaining: 2 });
  });

  test("refuses a request that it does not understand", async () => {
    await expect(world({}).replay({ force: true }, plenty)).rejects.toThrow();
    await expect(world({}).replay({ limit: 0 }, plenty)).rejects.toThrow();
  });
});
