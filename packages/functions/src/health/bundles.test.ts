import { expect, test } from "vitest";
import { bundleOf, filesIn } from "../testing/bundle-of.ts";

test("a checker's question loads nothing of the shop: no route, no session, no other region, no payment", async () => {
  const [health, api] = await Promise.all([bundleOf("health"), bundleOf("api")]);
  expect(filesIn(health, /src\/health\/health-routes\.ts$/)).toHaveLength(1);
  expect(
    filesIn(
      health,
      /functions\/src\/(api\/(routes|specification)|checkout|control|orders|payments|peer|dispatcher)\//,
    ),
  ).toEqual([]);
  expect(filesIn(health, /node_modules\/(jose|stripe)\//)).toEqual([]);
  expect(filesIn(health, /sessions\.ts$|session-token\.ts$|remote-read\.ts$|peers\.ts$/)).toEqual([]);
  const clients = filesIn(health, /@aws-sdk\/client-/).map((file) => /client-[a-z0-9-]+/.exec(file)?.[0]);
  expect([...new Set(clients)]).toEqual(["client-dynamodb"]);
  expect(filesIn(api, /src\/health\/(health-routes|own-votes)\.ts$/)).toEqual([]);
  expect(health.bytes).toBeLessThan(600_000); // 562 kB, of which 500 are the SDK, zod and Powertools
  expect(health.bytes).toBeLessThan(api.bytes - 90_000);
});
