import { expect, test } from "vitest";
import { planWorld } from "../provision/plan.ts";
import type { FunctionReference } from "../services/lambda/lambda.ts";
import { committedGraphs, worldRegions } from "../testing/start-world.ts";
import { warmApis } from "./warm.ts";

const secrets = { SessionKeys: "[]", PaymentKey: "sk", PaymentWebhookSecret: "whsec" };

test("what checkers ask, and the shop's own function, have started before anybody asks; nothing else has", async () => {
  const warmed: string[] = [];
  const warm = async (reference: FunctionReference) => {
    warmed.push(String(reference).replace(/^.*:function:antipode-prod-/, ""));
  };
  const plan = planWorld(committedGraphs(), secrets);
  await warmApis(plan, { warm });
  expect(warmed.sort()).toEqual(
    worldRegions.flatMap((region) => [`${region}-Api`, `${region}-Health`]).sort(),
  );
  warmed.length = 0;
  await warmApis({ ...plan, zones: [] }, { warm });
  expect(warmed).toEqual([]);
});
