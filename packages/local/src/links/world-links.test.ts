import { describe, expect, it } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { createFaults } from "../faults/faults.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { LinkError } from "./links.ts";
import { createRandom } from "./random.ts";
import { createLinks } from "./world-links.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1"];

function createWorld(seed = 1) {
  const time = createVirtualTime(0);
  const faults = createFaults({ regions, otherPlaces: ["outside"] });
  const links = createLinks({ faults, random: createRandom(seed), scheduler: time });
  const fault = (next: Fault) => expect(faults.apply(next)).toMatchObject({ ok: true });
  /** How long one message takes, or why it did not arrive. */
  async function send(from: string, to: string, traffic: "request" | "replication" = "request") {
    const startMs = time.now();
    try {
      await time.run(links.cross(from, to, traffic));
      return time.now() - startMs;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      return error.reason;
    }
  }
  return { time, links, fault, send };
}

describe("links", () => {
  it("delay a message as far as its regions are apart, and not at all from outside or within a region", async () => {
    const { send } = createWorld();
    const taken = await send("us-east-1", "eu-west-1");
    expect(taken).toBeGreaterThanOrEqual(35);
    expect(taken).toBeLessThanOrEqual(105);
    expect(await send("outside", "ap-south-1")).toBe(0);
    expect(await send("eu-west-1", "eu-west-1")).toBe(0);
  });

  it("take the lag they are told, both ways or one way, and give the old one back on heal", async () => {
    const { fault, send } = createWorld();
    fault({ type: "lag", from: "us-east-1", to: "eu-west-1", ms: 800, oneWay: true });
    expect(await send("us-east-1", "eu-west-1")).toBeGreaterThanOrEqual(800);
    expect(await send("eu-west-1", "us-east-1")).toBeLessThan(800);
    fault({ type: "lag", from: "eu-west-1", to: "us-east-1", ms: 0 });
    expect(await send("us-east-1", "eu-west-1")).toBe(0);
    fault({ type: "heal" });
    expect(await send("us-east-1", "eu-west-1")).toBeGreaterThanOrEqual(35);
  });

  it("carry nothing while cut, and lose what is under way even when healed before it would arrive", async () => {
    const { time, links, fault, send } = createWorld();
    const early = links.cross("us-east-1", "eu-west-1", "request");
    const other = links.cross("us-east-1", "ap-south-1", "request");
    fault({ type: "cut", from: "eu-west-1", to: "us-east-1" });
    fault({ type: "heal", from: "eu-west-1", to: "us-east-1" });
    expect(time.scheduled()).toBe(1);
    await expect(time.run(early)).rejects.toMatchObject({ reason: "cut" });
    await expect(time.run(other)).resolves.toBeUndefined();
    expect(links.underWay()).toBe(0);

    fault({ type: "cut", from: "us-east-1", to: "eu-west-1", oneWay: true });
    expect(await send("us-east-1", "eu-west-1")).toBe("cut");
    expect(await send("eu-west-1", "us-east-1")).toBeGreaterThan(0);
  });

  it("pause replication alone", async () => {
    const { fault, send } = createWorld();
    fault({ type: "pause", from: "us-east-1", to: "eu-west-1" });
    expect(await send("us-east-1", "eu-west-1", "replication")).toBe("paused");
    expect(await send("us-east-1", "eu-west-1", "request")).toBeGreaterThan(0);
    fault({ type: "resume", from: "us-east-1", to: "eu-west-1" });
    expect(await send("us-east-1", "eu-west-1", "replication")).toBeGreaterThan(0);
  });

  it("reach no region that is down, from anywhere, until it is up", async () => {
    const { fault, send } = createWorld();
    fault({ type: "down", region: "eu-west-1" });
    fault({ type: "heal" });
    expect(await send("outside", "eu-west-1")).toBe("down");
    expect(await send("eu-west-1", "eu-west-1")).toBe("down");
    expect(await send("us-east-1", "ap-south-1")).toBeGreaterThan(0);
    fault({ type: "up", region: "eu-west-1" });
    expect(await send("outside", "eu-west-1")).toBe(0);
  });

  it("lose the share of messages they are told, the same ones for the same seed", async () => {
    const run = async () => {
      const { fault, send } = createWorld(7);
      fault({ type: "loss", from: "us-east-1", to: "eu-west-1", share: 0.3 });
      const results: unknown[] = [];
      for (let count = 0; count < 1000; count += 1) results.push(await send("us-east-1", "eu-west-1"));
      return results;
    };
    const results = await run();
    const lost = results.filter((result) => result === "lost").length;
    expect(lost).toBeGreaterThan(240);
    expect(lost).toBeLessThan(360);
    expect(await run()).toEqual(results);
  });
});
