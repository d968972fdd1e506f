import { expect, it } from "vitest";
import type { InvokeResult } from "./definition.ts";
import type { Instance } from "./instance.ts";
import { createPool, type PoolEvent } from "./pool.ts";

it("each call that ran is reported with how long, how it ended and how many ran; a refused one as throttled", async () => {
  const events: PoolEvent[] = [];
  let nowMs = 0;
  const pending: ((result: Partial<InvokeResult>) => void)[] = [];
  const createInstance = (): Instance => ({
    started: Promise.resolve(undefined),
    invoke: () =>
      new Promise((resolve) => {
        pending.push((more) => resolve({ requestId: "r", payload: "null", logTail: "", ...more }));
      }),
    isUsable: () => true,
    stop: async () => {},
  });
  const pool = createPool({
    instancesMax: 2,
    createInstance,
    now: () => nowMs,
    onEvent: (event) => events.push(event),
  });
  const call = { requestId: "r", payload: "{}", timeoutMs: 1_000 };
  const first = pool.invoke(call);
  const second = pool.invoke(call);
  await expect.poll(() => pending.length).toBe(2);
  nowMs = 25;
  pending[0]?.({});
  await first;
  nowMs = 40;
  pending[1]?.({ functionError: "Unhandled" });
  await second;
  expect(events).toEqual([
    { type: "ran", durationMs: 25, failed: false, concurrent: 1 },
    { type: "ran", durationMs: 40, failed: true, concurrent: 2 },
  ]);

  const waiting = Array.from({ length: 1_002 }, () => pool.invoke(call)); // two run, a thousand wait
  await expect(pool.invoke(call)).rejects.toMatchObject({ code: "TooManyRequestsException" });
  expect(events.at(-1)).toEqual({ type: "throttled" });
  const stopped = Promise.allSettled(waiting.slice(2));
  await pool.stop();
  await stopped;
});
