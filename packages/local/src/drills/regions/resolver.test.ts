import { describe, expect, it } from "vitest";
import type { SentRequest } from "./history.ts";
import { createNameClient } from "./name-client.ts";
import { createResolver } from "./resolver.ts";

/** Time that passes only where somebody waits. */
function slowTime() {
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep: async (delayMs: number) => {
      nowMs += delayMs;
    },
  };
}

const answer = (region: string) => ({ target: `${region}.antipode.example`, ttlMs: 10_000 });

describe("a client's resolver", () => {
  it("keeps an answer as long as it says and no longer, and the last one while nobody answers", async () => {
    const time = slowTime();
    const answers = [answer("us-east-1"), undefined, answer("eu-west-1")];
    const resolver = createResolver({ time, ask: async () => answers.shift() });
    expect(await resolver.region()).toBe("us-east-1");
    await time.sleep(9_999);
    expect([await resolver.region(), resolver.keptMs(), answers.length]).toEqual(["us-east-1", 1, 2]);
    await time.sleep(1);
    expect([await resolver.region(), answers.length]).toEqual(["us-east-1", 1]);
    expect(await resolver.region()).toBe("eu-west-1");
  });

  it("knows no region before the first answer", async () => {
    const resolver = createResolver({ time: slowTime(), ask: async () => undefined });
    expect(await resolver.region()).toBeUndefined();
  });
});

describe("a client of the shop's name", () => {
  const options = (leads: () => string, isStopped = () => false) => {
    const time = slowTime();
    const requests: SentRequest[] = [];
    const resolver = createResolver({ time, ask: async () => answer(leads()) });
    const record = (request: SentRequest) => requests.push(request);
    return {
      time,
      requests,
      client: createNameClient({ shopper: "one", near: "us-east-1", resolver, time, record, isStopped }),
    };
  };

  it("sends again where it has an address of, and asks for the name as soon as that has run out", async () => {
    let leads = "us-east-1";
    const { client, requests } = options(() => leads);
    const value = await client.send(async (region) => {
      leads = "eu-west-1";
      return region === "us-east-1" ? { end: "failed", value: "" } : { end: "done", value: region };
    });
    expect(value).toBe("eu-west-1");
    expect(requests.map(({ to }) => to)).toEqual([...Array(10).fill("us-east-1"), "eu-west-1"]);
    expect(requests.at(-1)).toMatchObject({ sentMs: 10_000, end: "done" });
  });

  it("gives up when it has lost patience, or is stopped", async () => {
    const { client, requests } = options(() => "us-east-1");
    expect(await client.send(async () => ({ end: "failed", value: 1 }))).toBeUndefined();
    expect(requests.at(-1)?.sentMs).toBeGreaterThan(115_000);
    const stopped = options(
      () => "us-east-1",
      () => true,
    );
    expect(await stopped.client.send(async () => ({ end: "failed", value: 1 }))).toBeUndefined();
    expect(stopped.requests).toHaveLength(1);
  });

  it("takes a refusal for an answer", async () => {
    const { client, requests } = options(() => "us-east-1");
    expect(await client.send(async () => ({ end: "refused", value: 2 }))).toBe(2);
    expect(requests).toHaveLength(1);
  });
});
