import { describe, expect, it } from "vitest";
import type { InvokeResult } from "../services/lambda/definition.ts";
import { AwsError } from "../services/service.ts";
import { noFunctionText, runInvoke } from "./invoke.ts";

const functionIn = (region: string, name: string) => ({
  region,
  name: `shop-prod-${region}-${name}`,
  arn: `arn:aws:lambda:${region}:111122223333:function:shop-prod-${region}-${name}`,
});

const plan = {
  app: "shop",
  environment: "prod",
  functions: [
    functionIn("eu-west-1", "Reclaim"),
    functionIn("eu-west-1", "Broken"),
    functionIn("eu-west-1", "Down"),
    functionIn("us-east-1", "Reclaim"),
    functionIn("us-east-1", "Only"),
  ],
};

const lambda = {
  async invoke(reference: unknown, payload: string): Promise<InvokeResult> {
    const arn = String(reference);
    if (arn.endsWith("Down")) throw new AwsError("ServiceException", "eu-west-1 is down", 500);
    const answer = JSON.stringify({ arn, got: JSON.parse(payload) });
    const result = { requestId: "r", payload: answer, logTail: "" };
    return arn.endsWith("Broken") ? { ...result, functionError: "Unhandled" } : result;
  },
};

const payload = { origin: "us-east-1#1" };
const invoke = (name: string, region = "eu-west-1") => runInvoke(plan, lambda, { name, region, payload });

describe("a function that is invoked by hand", () => {
  it.each(["Reclaim", "reclaim", "shop-prod-eu-west-1-Reclaim"])("gets the payload, as %s", async (name) => {
    const arn = "arn:aws:lambda:eu-west-1:111122223333:function:shop-prod-eu-west-1-Reclaim";
    expect(await invoke(name)).toEqual({
      ok: true,
      value: { region: "eu-west-1", answer: { arn, got: payload } },
    });
  });

  it("says what failed, and that its region is down", async () => {
    expect(await invoke("Broken")).toEqual({
      ok: true,
      value: { region: "eu-west-1", error: expect.stringContaining("us-east-1#1") },
    });
    expect(await invoke("Down")).toEqual({
      ok: true,
      value: { region: "eu-west-1", error: "eu-west-1 is down" },
    });
  });

  it.each(["Only", "claim", ""])("is one of its region: %j is refused with the list", async (name) => {
    const outcome = await invoke(name);
    expect(outcome.ok ? undefined : noFunctionText(outcome.error)).toBe(
      `"${name}" is not a function: choose from Broken, Down, Reclaim`,
    );
  });
});
