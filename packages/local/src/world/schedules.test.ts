import { describe, expect, it } from "vitest";
import { createRandom } from "../links/random.ts";
import type { PlannedSchedule } from "../provision/schedules.ts";
import { createAsyncInvocations } from "../services/lambda/async-invocations.ts";
import type { InvokeResult } from "../services/lambda/definition.ts";
import { AwsError } from "../services/service.ts";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { notScheduledText, startSchedules } from "./schedules.ts";

const regions = ["us-east-1", "eu-west-1"];

function planned(region: string, name: string, more: Partial<PlannedSchedule> = {}): PlannedSchedule {
  return {
    name: `${name}Rule`,
    ruleArn: `arn:aws:events:${region}:111122223333:rule/${name}`,
    region,
    functionArn: `arn:aws:lambda:${region}:111122223333:function:shop-prod-${region}-${name}`,
    functionName: `shop-prod-${region}-${name}`,
    expression: "rate(1 minute)",
    periodMs: 60_000,
    enabled: true,
    ...more,
  };
}

function start(schedules: readonly PlannedSchedule[]) {
  const time = createVirtualTime();
  const down = new Set<string>();
  const invoked: string[] = [];
  const lambda = {
    async invoke(reference: unknown, payload: string): Promise<InvokeResult> {
      const [, , , region = "", , , name = ""] = String(reference).split(":");
      if (down.has(region)) throw new AwsError("ServiceException", `${region} is down`, 500);
      invoked.push(name);
      const result = { requestId: "r", payload: JSON.stringify({ got: JSON.parse(payload) }), logTail: "" };
      return name.endsWith("Broken") ? { ...result, functionError: "Unhandled" } : result;
    },
  };
  const running = startSchedules({
    plan: { app: "shop", environment: "prod", schedules },
    lambda,
    asyncInvocations: createAsyncInvocations({ lambda, scheduler: time }),
    isDown: (region) => down.has(region),
    clock: { now: () => time.now() },
    random: createRandom(1),
    scheduler: time,
  });
  return { time, down, invoked, running };
}

const both = (name: string, more: Partial<PlannedSchedule> = {}) =>
  regions.map((region) => planned(region, name, more));

describe("the world's schedules", () => {
  it("run by themselves, and say so", async () => {
    const { time, invoked, running } = start([...both("Repair"), ...both("Broken")]);
    await time.advance(5_000);
    expect(invoked.toSorted()).toEqual(
      ["Broken", "Repair"].flatMap((name) => regions.map((region) => `shop-prod-${region}-${name}`)).sort(),
    );
    expect(running.status("eu-west-1")).toEqual([
      { name: "Repair", expression: "rate(1 minute)", enabled: true, fired: 1, nextAt: expect.any(String) },
      expect.objectContaining({
        name: "Broken",
        fired: 1,
        lastError: expect.stringContaining("got"),
        lastErrorAt: expect.stringMatching(/Z$/),
      }),
    ]);
    running.close();
    await time.advance(600_000);
    const repaired = invoked.filter((name) => name.endsWith("Repair"));
    expect(repaired).toHaveLength(2);
  });

  it("run at once when told, everywhere or in one region, under any spelling of the name", async () => {
    const { running, invoked } = start(both("Repair", { enabled: false, input: '{"deep":true}' }));
    const answer = { got: { deep: true } };
    expect(await running.run("repair")).toEqual({
      ok: true,
      value: regions.map((region) => ({ region, answer })),
    });
    expect(await running.run("shop-prod-eu-west-1-Repair", "eu-west-1")).toEqual({
      ok: true,
      value: [{ region: "eu-west-1", answer }],
    });
    expect(invoked).toHaveLength(3);
  });

  it("send the rule's event to a function without an input of its own", async () => {
    const { running } = start(both("Repair"));
    expect(await running.run("Repair", "eu-west-1")).toMatchObject({
      value: [{ answer: { got: { source: "aws.events", region: "eu-west-1" } } }],
    });
  });

  it("say what failed, and go on elsewhere", async () => {
    const { running, down } = start([...both("Repair"), ...both("Broken")]);
    down.add("us-east-1");
    expect(await running.run("Repair")).toMatchObject({
      value: [{ region: "us-east-1", error: "us-east-1 is down" }, { region: "eu-west-1" }],
    });
    expect(await running.run("Broken", "eu-west-1")).toMatchObject({
      value: [{ error: expect.stringContaining("got") }],
    });
  });

  it.each([
    ["Api", '"Api" is not a scheduled function: choose from Heartbeat, Repair'],
    ["pair", '"pair" is not a scheduled function: choose from Heartbeat, Repair'],
    ["", '"" is not a scheduled function: choose from Heartbeat, Repair'],
  ])("refuse %s with the list", async (name, text) => {
    const { running, invoked } = start([...both("Repair"), ...both("Heartbeat")]);
    const outcome = await running.run(name);
    expect(outcome.ok ? undefined : notScheduledText(outcome.error)).toBe(text);
    expect(invoked).toEqual([]);
  });

  it("refuse everything when there are none", async () => {
    const outcome = await start([]).running.run("Repair");
    expect(outcome.ok ? undefined : notScheduledText(outcome.error)).toBe(
      "this world has no scheduled function",
    );
  });
});
