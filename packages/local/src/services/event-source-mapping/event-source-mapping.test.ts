import { describe, expect, test } from "vitest";
import { operatorPrincipal } from "../iam/statement.ts";
import { createS3Service } from "../s3/s3-service.ts";
import { createFailureBucket } from "./failure-bucket.ts";
import type { Invoked } from "./outcome.ts";
import { createMappingBench, definition, reporting, succeed, throwing } from "./testing/mapping-bench.ts";
import { sequenceText } from "./testing/stream.ts";

const minute = 60_000;

function appendAll(bench: ReturnType<typeof createMappingBench>, count: number): void {
  for (let index = 0; index < count; index += 1) bench.stream.append(`p${index}`);
}

describe("reading", () => {
  test("TRIM_HORIZON starts with what is there, in batches of at most batchSize, in order", async () => {
    const bench = createMappingBench({ handle: succeed, definition: { batchSize: 3 } });
    appendAll(bench, 7);
    const mapping = bench.start();
    await bench.time.advance(1);
    expect(bench.sent).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(mapping.status()).toMatchObject({
      state: "running",
      position: sequenceText(7),
      behind: 0,
      iteratorAgeMs: 0,
      inFlight: 0,
    });
  });

  test("LATEST takes only what comes after", async () => {
    const bench = createMappingBench({ handle: succeed, definition: { startingPosition: "LATEST" } });
    appendAll(bench, 3);
    bench.start();
    bench.stream.append("new");
    await bench.time.advance(1);
    expect(bench.sent).toEqual([[4]]);
  });

  test("what is filtered out is passed over, and the position with it", async () => {
    const filters = [JSON.stringify({ eventName: ["INSERT"] })];
    const bench = createMappingBench({ handle: succeed, definition: { filters } });
    for (const name of ["REMOVE", "INSERT", "REMOVE", "INSERT", "REMOVE"] as const)
      bench.stream.append("a", name);
    const mapping = bench.start();
    await bench.time.advance(1);
    expect(bench.sent).toEqual([[2, 4]]);
    expect(mapping.status()).toMatchObject({ position: sequenceText(5), behind: 0 });
    bench.stream.append("a", "REMOVE");
    await bench.time.advance(1);
    expect(mapping.status()).toMatchObject({ position: sequenceText(6), behind: 0 });
    expect(bench.sent).toHaveLength(1);
  });

  test("a batching window gathers until it ends or the batch is full", async () => {
    const bench = createMappingBench({
      handle: succeed,
      definition: { batchSize: 3, maximumBatchingWindowInSeconds: 2 },
    });
    bench.start();
    bench.stream.append("a");
    await bench.time.advance(1_500);
    bench.stream.append("b");
    await bench.time.advance(400);
    expect(bench.sent).toEqual([]);
    await bench.time.advance(200);
    expect(bench.sent).toEqual([[1, 2]]);
    appendAll(bench, 4);
    await bench.time.advance(10);
    expect(bench.sent).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    await bench.time.advance(2_000);
    expect(bench.sent).toEqual([[1, 2], [3, 4, 5], [6]]);
  });

  test("an event stays under Lambda's payload limit", async () => {
    const bench = createMappingBench({ handle: succeed, definition: { batchSize: 100 } });
    const large = "x".repeat(1_000_000);
    for (let index = 0; index < 13; index += 1) bench.stream.append(large);
    bench.start();
    await bench.time.advance(1);
    expect(bench.sent.map((numbers) => numbers.length)).toEqual([6, 6, 1]);
  });

  test("one batch runs at a time; what arrives meanwhile goes together afterwards", async () => {
    let finish = (_invoked: Invoked) => {};
    const bench = createMappingBench({
      handle: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const mapping = bench.start();
    bench.stream.append("a");
    await bench.time.advance(5_000);
    appendAll(bench, 3);
    await bench.time.advance(5_000);
    expect(bench.sent).toEqual([[1]]);
    expect(mapping.status()).toMatchObject({ inFlight: 1, behind: 4, iteratorAgeMs: 10_000 });
    finish({ payload: "null" });
    await bench.time.advance(1);
    expect(bench.sent).toEqual([[1], [2, 3, 4]]);
    expect(bench.agesMs).toEqual([0, 5_000]);
  });
});

describe("reported failures", () => {
  test("are retried from the lowest, and the position stops before it", async () => {
    const failing = new Set([3]);
    const bench = createMappingBench({
      handle: async (numbers) => reporting(numbers.filter((one) => failing.has(one))),
    });
    appendAll(bench, 5);
    const mapping = bench.start();
    await bench.time.advance(50);
    expect(bench.sent).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    expect(mapping.status()).toMatchObject({ position: sequenceText(2), behind: 3 });
    expect(mapping.status().lastError).toContain("1 of 3 records failed");
    failing.clear();
    await bench.time.advance(1_000);
    expect(bench.sent.at(-1)).toEqual([3, 4, 5]);
    expect(mapping.status()).toMatchObject({ position: sequenceText(5), behind: 0 });
    expect(mapping.status()).not.toHaveProperty("lastError");
  });

  test("when retries are used up, the rest of the batch goes to the destination and the stream goes on", async () => {
    const bench = createMappingBench({
      handle: async (numbers) => reporting(numbers.filter((one) => one === 2)),
    });
    appendAll(bench, 4);
    const mapping = bench.start();
    await bench.time.advance(minute);
    // The first answer cuts the batch, which uses no retry; then one attempt and two retries.
    expect(bench.sent).toEqual([
      [1, 2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
    ]);
    expect(bench.discarded()).toEqual([2, 3, 4]);
    bench.stream.append("next");
    await bench.time.advance(1);
    expect(bench.sent.at(-1)).toEqual([5]);
    expect(mapping.status()).toMatchObject({ failedBatches: 1, dropped: 0, behind: 0 });
    expect(bench.givenUp).toEqual(["filed 3"]);
  });

  test("without bisecting each failed answer uses up a retry", async () => {
    const bench = createMappingBench({
      handle: async (numbers) => reporting(numbers.slice(0, 2).slice(-1)),
      definition: { bisectBatchOnFunctionError: false },
    });
    appendAll(bench, 6);
    bench.start();
    await bench.time.advance(minute);
    expect(bench.sent).toEqual([
      [1, 2, 3, 4, 5, 6],
      [2, 3, 4, 5, 6],
      [3, 4, 5, 6],
    ]);
    expect(bench.discarded()).toEqual([4, 5, 6]);
  });
});

describe("errors of the function", () => {
  test("bisect the batch, in order, until only the poisoned record is given up", async () => {
    const bench = createMappingBench({
      handle: async (numbers) => (numbers.includes(3) ? throwing : { payload: "null" }),
      definition: { maximumRetryAttempts: 1 },
    });
    appendAll(bench, 4);
    bench.start();
    await bench.time.advance(minute);
    expect(bench.sent).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(bench.discarded()).toEqual([3]);
  });

  test("without bisecting the whole batch is retried, then given up", async () => {
    const bench = createMappingBench({
      handle: async () => throwing,
      definition: { bisectBatchOnFunctionError: false, maximumRetryAttempts: 1 },
    });
    appendAll(bench, 2);
    bench.start();
    await bench.time.advance(minute);
    expect(bench.sent).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(bench.discarded()).toEqual([1, 2]);
  });

  test("are retried with growing pauses", async () => {
    const at: number[] = [];
    const bench = createMappingBench({
      handle: async () => {
        at.push(bench.time.now());
        return throwing;
      },
      definition: { maximumRetryAttempts: 8 },
    });
    bench.stream.append("a");
    bench.start();
    await bench.time.advance(10 * minute);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(pauses).toHaveLength(8);
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(100 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(200 * 2 ** index + 1);
    }
    expect(bench.discarded()).toEqual([1]);
  });

  test("a function that is not reached uses up no retry", async () => {
    let isReachable = false;
    const bench = createMappingBench({
      handle: async () => {
        if (!isReachable) throw new Error("throttled");
        return { payload: "null" };
      },
      definition: { maximumRetryAttempts: 0 },
    });
    bench.stream.append("a");
    const mapping = bench.start();
    await bench.time.advance(10 * minute);
    expect(bench.sent.length).toBeGreaterThan(10);
    expect(mapping.status()).toMatchObject({ behind: 1, lastError: "throttled", failedBatches: 0 });
    isReachable = true;
    await bench.time.advance(minute);
    expect(mapping.status()).toMatchObject({ behind: 0, failedBatches: 0 });
    expect(bench.stored).toEqual([]);
  });

  test("a record that is too old is given up, however many retries it has left", async () => {
    const bench = createMappingBench({
      handle: async () => throwing,
      definition: { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: 60 },
    });
    bench.stream.append("old");
    bench.start();
    await bench.time.advance(59_000);
    bench.stream.append("younger");
    await bench.time.advance(59_000);
    expect(bench.discarded()).toEqual([1]);
    expect(JSON.parse(bench.stored[0]?.body ?? "").requestContext.condition).toBe("RecordAgeExceeded");
    await bench.time.advance(2 * minute);
    expect(bench.discarded()).toEqual([1, 2]);
  });
});

describe("the failure destination", () => {
  test("gets the object that Lambda writes", async () => {
    const bench = createMappingBench({
      handle: async () => throwing,
      definition: { maximumRetryAttempts: 0 },
    });
    bench.stream.append("a");
    bench.start();
    await bench.time.advance(1);
    const [object] = bench.stored;
    expect(object?.key).toMatch(
      /^aws\/lambda\/11111111-2222-4333-8444-555555555555\/shardId-\d{20}-[0-9a-f]{8}\/2026\/01\/01\/2026-01-01T00\.00\.00-[0-9a-f-]{36}$/,
    );
    const body = JSON.parse(object?.body ?? "");
    expect(body).toEqual({
      requestContext: {
        requestId: "r-throwing",
        functionArn: definition.functionArn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: "2026-01-01T00:00:00.000Z",
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/),
        startSequenceNumber: sequenceText(1),
        endSequenceNumber: sequenceText(1),
        approximateArrivalOfFirstRecord: "2026-01-01T00:00:00Z",
        approximateArrivalOfLastRecord: "2026-01-01T00:00:00Z",
        batchSize: 1,
        streamArn: definition.streamArn,
      },
      payload: expect.any(String),
    });
    expect(JSON.parse(body.payload)).toEqual({ Records: bench.stream.records() });
  });

  test("that cannot be written holds the stream: nothing is dropped", async () => {
    let isWritable = false;
    const bench = createMappingBench({
      handle: async (numbers) => (numbers.includes(1) ? throwing : { payload: "null" }),
      store: async () => {
        if (!isWritable) throw new Error("bucket is gone");
      },
      definition: { maximumRetryAttempts: 0 },
    });
    appendAll(bench, 2);
    const mapping = bench.start();
    await bench.time.advance(5 * minute);
    expect(mapping.status()).toMatchObject({ behind: 2, lastError: "failure destination: bucket is gone" });
    expect(bench.givenUp).toEqual([]);
    isWritable = true;
    await bench.time.advance(2 * minute);
    expect(bench.discarded()).toEqual([1]);
    expect(bench.sent.at(-1)).toEqual([2]);
    expect(mapping.status()).toMatchObject({ behind: 0, failedBatches: 1 });
  });

  test("that is missing means dropped, as in AWS, and counted", async () => {
    const bench = createMappingBench({
      handle: async () => throwing,
      hasDestination: false,
      definition: { maximumRetryAttempts: 0 },
    });
    appendAll(bench, 3);
    const mapping = bench.start();
    await bench.time.advance(minute);
    expect(mapping.status()).toMatchObject({ behind: 0, dropped: 3, failedBatches: 0 });
    expect(bench.givenUp.reduce((sum, one) => sum + Number(one.replace("dropped ", "")), 0)).toBe(3);
  });

  test("as a bucket takes what the function's role may write, and nothing else", async () => {
    const s3 = createS3Service({ clock: { now: () => 0 } });
    s3.createBucket("us-east-1", "failed");
    const principal = operatorPrincipal("111122223333");
    const open = { s3, region: "us-east-1", bucket: "failed" };
    await createFailureBucket({ ...open, principal }).put({ key: "aws/lambda/x", body: "{}" });
    expect(s3.get("us-east-1", "failed", "aws/lambda/x")).toMatchObject({ contentType: "application/json" });
    const denied = createFailureBucket({ ...open, principal: { ...principal, statements: [] } });
    await expect(denied.put({ key: "aws/lambda/y", body: "{}" })).rejects.toThrow("s3:PutObject");
    const elsewhere = createFailureBucket({ ...open, bucket: "missing", principal });
    await expect(elsewhere.put({ key: "k", body: "" })).rejects.toMatchObject({ code: "NoSuchBucket" });
  });
});

describe("the mapping's life", () => {
  test("paused it finishes what runs and holds; resumed it goes on", async () => {
    const bench = createMappingBench({ handle: succeed, definition: { batchSize: 1 } });
    const mapping = bench.start();
    bench.stream.append("a");
    mapping.pause();
    await bench.time.advance(1);
    appendAll(bench, 2);
    await bench.time.advance(minute);
    expect(bench.sent).toEqual([]);
    expect(mapping.status()).toMatchObject({ state: "paused", behind: 3 });
    mapping.resume();
    await bench.time.advance(1);
    expect(bench.sent).toEqual([[1], [2], [3]]);
  });

  test("when its region is lost the answer under way counts for nothing, and it goes on from its position", async () => {
    const answers: ((invoked: Invoked) => void)[] = [];
    const bench = createMappingBench({
      handle: () => new Promise((resolve) => answers.push(resolve)),
      definition: { batchSize: 2 },
    });
    appendAll(bench, 4);
    const mapping = bench.start();
    await bench.time.advance(1);
    answers[0]?.({ payload: "null" });
    await bench.time.advance(1);
    expect(bench.sent).toEqual([
      [1, 2],
      [3, 4],
    ]);
    mapping.setDown(true);
    answers[1]?.({ payload: "null" });
    await bench.time.advance(minute);
    expect(mapping.status()).toMatchObject({ state: "down", position: sequenceText(2), inFlight: 0 });
    mapping.setDown(false);
    await bench.time.advance(1);
    expect(bench.sent.at(-1)).toEqual([3, 4]);
  });

  test("a region that was lost only for a moment has lost the answer under way all the same", async () => {
    const answers: ((invoked: Invoked) => void)[] = [];
    const bench = createMappingBench({ handle: () => new Promise((resolve) => answers.push(resolve)) });
    bench.stream.append("a");
    const mapping = bench.start();
    await bench.time.advance(1);
    mapping.setDown(true);
    mapping.setDown(false);
    answers[0]?.({ payload: "null" });
    await bench.time.advance(1);
    expect(bench.sent).toEqual([[1], [1]]);
    expect(mapping.status().behind).toBe(1);
  });

  test("stopped it ends, also in the middle of an invocation or of a pause between retries", async () => {
    const hanging = createMappingBench({ handle: () => new Promise(() => {}) });
    hanging.stream.append("a");
    const one = hanging.start();
    await hanging.time.advance(1);
    await one.stop();
    expect(one.status().state).toBe("stopped");
    const failing = createMappingBench({
      handle: async () => throwing,
      definition: { maximumRetryAttempts: -1 },
    });
    failing.stream.append("a");
    const other = failing.start();
    await failing.time.advance(minute);
    await other.stop();
    const sent = failing.sent.length;
    failing.stream.append("b");
    await failing.time.advance(10 * minute);
    expect(failing.sent).toHaveLength(sent);
    expect(failing.time.scheduled()).toBe(0);
  });

  test("settings outside of AWS's limits are refused", () => {
    const start = (more: object) => createMappingBench({ handle: succeed, definition: more }).start();
    expect(() => start({ batchSize: 0 })).toThrow("batchSize");
    expect(() => start({ maximumBatchingWindowInSeconds: 301 })).toThrow("maximumBatchingWindowInSeconds");
    expect(() => start({ maximumRecordAgeInSeconds: 30 })).toThrow("at least 60");
    expect(() => start({ filters: ["{}"] })).toThrow("Invalid filter pattern");
  });
});
