import { describe, expect, it } from "vitest";
import { createVirtualTime } from "../../testing-time/virtual-time.ts";
import { AwsError } from "../service.ts";
import {
  type AsyncEvent,
  type AsyncOutcome,
  type AsyncSettings,
  createAsyncInvocations,
  type FailedCall,
} from "./async-invocations.ts";
import type { InvokeResult } from "./definition.ts";
import { failureRecord } from "./failure-destination.ts";

it("an asynchronous call is reported as received, with each attempt's age, and as dropped when none succeeds", async () => {
  const time = createVirtualTime();
  const events: AsyncEvent[] = [];
  let failures = 1;
  const asyncInvocations = createAsyncInvocations({
    lambda: {
      async invoke(): Promise<InvokeResult> {
        failures -= 1;
        const result = { requestId: "r", payload: "{}", logTail: "" };
        return failures < 0 ? result : { ...result, functionError: "Unhandled" };
      },
    },
    scheduler: time,
    onEvent: (_arn, event) => events.push(event),
  });
  const run = async () => {
    events.length = 0;
    await time.run(asyncInvocations.run("arn", "{}"));
    return [...events];
  };
  expect(await run()).toEqual([
    { type: "received" },
    { type: "attempted", ageMs: 0 },
    { type: "attempted", ageMs: 60_000 },
  ]);
  failures = 3;
  expect(await run()).toEqual([
    { type: "received" },
    { type: "attempted", ageMs: 0 },
    { type: "attempted", ageMs: 60_000 },
    { type: "attempted", ageMs: 180_000 },
    { type: "dropped" },
  ]);
});

describe("an asynchronous call that fails", () => {
  const done: InvokeResult = { requestId: "r", payload: "null", logTail: "" };
  const failed: InvokeResult = { ...done, payload: '{"errorMessage":"broken"}', functionError: "Unhandled" };
  const down = new AwsError("ServiceException", "eu-west-1 is down", 500);

  /** Runs one call to its end, whose attempts come to these outcomes and then to the last of them. */
  async function run(outcomes: readonly AsyncOutcome[], settings?: Partial<AsyncSettings>) {
    const time = createVirtualTime();
    const startMs = time.now();
    const attemptsMs: number[] = [];
    const calls: FailedCall[] = [];
    const left = [...outcomes];
    const asyncInvocations = createAsyncInvocations({
      lambda: {
        async invoke() {
          attemptsMs.push(time.now() - startMs);
          const outcome = left.length > 1 ? left.shift() : left[0];
          if (outcome instanceof AwsError || outcome === undefined) throw outcome;
          return outcome;
        },
      },
      scheduler: time,
      ...(settings && { settings: () => ({ retriesMax: 2, ageMaxMs: 21_600_000, ...settings }) }),
      onFailure: (call) => calls.push(call),
    });
    await time.run(asyncInvocations.run("arn:f", '{"a":1}'));
    return { attemptsMs, calls };
  }

  it("goes back to the queue while the function cannot be reached, ever later, without counting", async () => {
    const { attemptsMs, calls } = await run([down, down, down, failed, down, done]);
    expect(attemptsMs).toEqual([0, 1_000, 3_000, 7_000, 67_000, 68_000]);
    expect(calls).toEqual([]);
  });

  it("is dropped when it is too old", async () => {
    const { attemptsMs, calls } = await run([down]);
    expect(attemptsMs.at(-1)).toBeLessThanOrEqual(21_600_000);
    expect(attemptsMs.at(-1)).toBeGreaterThan(21_600_000 - 300_000);
    expect(calls).toMatchObject([{ condition: "EventAgeExceeded", attempts: 0, outcome: down }]);
  });

  it("is tried as often, and as long, as its function says", async () => {
    expect((await run([failed], { retriesMax: 0 })).attemptsMs).toEqual([0]);
    const { attemptsMs, calls } = await run([failed], { ageMaxMs: 150_000, failureDestination: "arn:q" });
    expect(attemptsMs).toEqual([0, 60_000]);
    expect(calls).toMatchObject([{ condition: "EventAgeExceeded", attempts: 2, destination: "arn:q" }]);
  });

  it("leaves a record of what was asked and answered", async () => {
    const { calls } = await run([failed]);
    const [call] = calls;
    if (call === undefined) return expect.fail("nothing failed");
    const record = failureRecord(call, { atMs: Date.UTC(2026, 0, 1), requestId: "id" });
    expect(JSON.parse(record)).toEqual({
      version: "1.0",
      timestamp: "2026-01-01T00:00:00.000Z",
      requestContext: {
        requestId: "id",
        functionArn: "arn:f:$LATEST",
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorMessage: "broken" },
    });
    const never = failureRecord({ ...call, outcome: down }, { atMs: 0, requestId: "id" });
    expect(JSON.parse(never)).not.toHaveProperty("responseContext");
  });
});
