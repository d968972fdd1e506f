import { expect, it } from "vitest";
import { createVirtualTime } from "../../testing-time/virtual-time.ts";
import { type AsyncEvent, createAsyncInvocations } from "./async-invocations.ts";
import type { InvokeResult } from "./definition.ts";

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
