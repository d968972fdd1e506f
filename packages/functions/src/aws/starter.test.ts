import { err, ok } from "@antipode/core";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, expect, test } from "vitest";
import { type FakeAws, startFakeAws } from "../testing/fake-aws.ts";
import { createStarter } from "./starter.ts";

let server: FakeAws | undefined;
afterEach(() => server?.close());

async function starting(...args: Parameters<typeof startFakeAws>) {
  server = await startFakeAws(...args);
  const client = new LambdaClient({
    region: "us-east-1",
    endpoint: server.endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return createStarter(client)("antipode-prod-us-east-1-Backfill", '{"round":1}');
}

test("a function is started without waiting for its answer", async () => {
  expect(await starting(() => ({ status: 202, body: "" }))).toEqual(ok(undefined));
  expect(server?.requests).toMatchObject([
    {
      url: "/2015-03-31/functions/antipode-prod-us-east-1-Backfill/invocations",
      headers: { "x-amz-invocation-type": "Event" },
      body: '{"round":1}',
    },
  ]);
});

test("why it is not taken is answered", async () => {
  const denied = {
    status: 403,
    headers: { "x-amzn-errortype": "AccessDeniedException" },
    body: '{"Message":"not yet"}',
  };
  expect(await starting(() => denied)).toEqual(err(expect.stringContaining("not yet")));
});
