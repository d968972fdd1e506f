import { expect, it } from "vitest";
import { createTour, formatTour } from "./tour.ts";

const world = {
  regions: ["us-east-1", "eu-west-1", "ap-south-1"],
  api: (region: string) => `http://${region}.test`,
  edge: () => undefined,
};

const answers: Readonly<Record<string, unknown>> = {
  POST: { id: "crt_1", session: { token: "t1" } },
  GET: {
    items: [{ id: "prd_1", variants: [{ sku: "LAMP", prices: [{ currency: "EUR", amountMinor: 5 }] }] }],
  },
};

it("is written around a cart, though the first region refuses at first", async () => {
  let asked = 0;
  const fetch = async (_url: string, { method = "GET" }: RequestInit) => {
    asked += 1;
    return asked % 2 === 1 ? Response.json({}, { status: 503 }) : Response.json(answers[method]);
  };
  const text = formatTour(await createTour(world, { fetch, delay: async () => {} }));
  expect(asked).toBe(4);
  expect(text).toContain("\nCART=crt_1\nTOKEN=t1\n");
  expect(text).toMatch(/^# On a slow machine .* 503: send the same line again/);
  expect(text).toMatch(/# \d+\. Bring it back\. For some two minutes it stays closed/);
  const numbers = [...text.matchAll(/^# (\d+)\. /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  for (const line of text.split("\n")) expect(line).toMatch(/^$|^# |^(curl|npm|sleep|CART|TOKEN|ADMIN)/);
});
