import { describe, expect, it } from "vitest";
import { type Instance, InstanceKilledError } from "./instance.ts";
import { createStartQueue } from "./start-queue.ts";

/** An instance that starts when it is told to. */
function fakeInstance() {
  const begun = Promise.withResolvers<undefined>();
  const calls: string[] = [];
  const instance: Instance = {
    started: begun.promise,
    async invoke({ requestId }) {
      calls.push(requestId);
      return { requestId, payload: "1", logTail: "" };
    },
    isUsable: () => true,
    stop: async () => {
      calls.push("stop");
      begun.resolve(undefined);
    },
  };
  return { instance, calls, begin: () => begun.resolve(undefined) };
}

const call = { requestId: "r", payload: "{}", timeoutMs: 1_000 };
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a queue of starts", () => {
  it("lets so many start at once, the next when one has started, in order", async () => {
    const inQueue = createStartQueue(2);
    const fakes = Array.from({ length: 4 }, fakeInstance);
    const made: number[] = [];
    for (const [index, { instance }] of fakes.entries()) {
      inQueue(() => {
        made.push(index);
        return instance;
      });
    }
    await settled();
    expect(made).toEqual([0, 1]);
    fakes[1]?.begin();
    await settled();
    expect(made).toEqual([0, 1, 2]);
    fakes[0]?.begin();
    fakes[2]?.begin();
    await settled();
    expect(made).toEqual([0, 1, 2, 3]);
  });

  it("hands a call on once its instance exists", async () => {
    const inQueue = createStartQueue(1);
    const [first, second] = [fakeInstance(), fakeInstance()];
    inQueue(() => first.instance);
    const queued = inQueue(() => second.instance);
    const answer = queued.invoke(call);
    await settled();
    expect([second.calls, queued.isUsable()]).toEqual([[], true]);
    first.begin();
    await expect(answer).resolves.toMatchObject({ payload: "1" });
    expect(second.calls).toEqual(["r"]);
  });

  it("never makes one that was stopped while it waited, and gives its place away", async () => {
    const inQueue = createStartQueue(1);
    const [first, third] = [fakeInstance(), fakeInstance()];
    inQueue(() => first.instance);
    const second = inQueue(() => {
      throw new Error("made");
    });
    const answer = second.invoke(call);
    await second.stop();
    expect(second.isUsable()).toBe(false);
    let made = false;
    inQueue(() => {
      made = true;
      return third.instance;
    });
    first.begin();
    await expect(answer).rejects.toBeInstanceOf(InstanceKilledError);
    await expect(second.started).resolves.toBeUndefined();
    await settled();
    expect(made).toBe(true);
  });

  it("stops one that has been made", async () => {
    const inQueue = createStartQueue(1);
    const { instance, calls } = fakeInstance();
    const queued = inQueue(() => instance);
    await settled();
    await queued.stop();
    expect([calls, queued.isUsable()]).toEqual([["stop"], false]);
  });

  it("says to the caller what kept it from being made, is of no more use, and gives its place away", async () => {
    const inQueue = createStartQueue(1);
    const broken = inQueue(() => {
      throw new Error("no thread");
    });
    await expect(broken.invoke(call)).rejects.toThrow("no thread");
    expect(broken.isUsable()).toBe(false);
    const { instance, begin } = fakeInstance();
    const next = inQueue(() => instance);
    begin();
    await expect(next.invoke(call)).resolves.toMatchObject({ payload: "1" });
  });
});
