import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, test } from "vitest";
import { type FakeAws, startFakeAws } from "../testing/fake-aws.ts";
import { createFailedBatches } from "./failed-batches.ts";
import { createInvoker } from "./invoker.ts";

const servers: FakeAws[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

async function start(...args: Parameters<typeof startFakeAws>): Promise<FakeAws> {
  const server = await startFakeAws(...args);
  servers.push(server);
  return server;
}

const settings = (endpoint: string) => ({
  region: "us-east-1",
  endpoint,
  maxAttempts: 1,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

describe("the failure bucket", () => {
  const page = (keys: readonly string[], next?: string) =>
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>` +
    `${next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`}` +
    `${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("")}</ListBucketResult>`;

  async function bucket(): Promise<{ server: FakeAws; batches: ReturnType<typeof createFailedBatches> }> {
    const server = await start(({ method, url }) => {
      if (url.includes("list-type=2")) {
        const body = url.includes("continuation-token=more") ? page(["c"]) : page(["a", "b"], "more");
        return { status: 200, headers: { "content-type": "application/xml" }, body };
      }
      return { status: method === "DELETE" ? 204 : 200, body: method === "DELETE" ? "" : '{"ü":1}' };
    });
    const client = new S3Client({ ...settings(server.endpoint), forcePathStyle: true });
    return { server, batches: createFailedBatches(client, "failed") };
  }

  test("is listed over its pages, as far as asked", async () => {
    const { batches } = await bucket();
    expect(await batches.list("aws/lambda/", 10)).toEqual({ keys: ["a", "b", "c"], complete: true });
    expect(await batches.list("aws/lambda/", 2)).toEqual({ keys: ["a", "b"], complete: false });
  });

  test("gives and deletes an object", async () => {
    const { server, batches } = await bucket();
    expect(await batches.read("aws/lambda/a b")).toBe('{"ü":1}');
    await batches.remove("aws/lambda/a b");
    expect(server.requests.map(({ method, url }) => `${method} ${url.split("?")[0]}`)).toEqual([
      "GET /failed/aws/lambda/a%20b",
      "DELETE /failed/aws/lambda/a%20b",
    ]);
  });
});

describe("the invoker", () => {
  const arn = "arn:aws:lambda:us-east-1:111122223333:function:CatalogDispatcher";

  async function invoke(headers: Record<string, string>, body: string) {
    const server = await start(() => ({ status: 200, headers, body }));
    const outcome = await createInvoker(new LambdaClient(settings(server.endpoint))).invoke(
      arn,
      '{"Records":[]}',
    );
    return { outcome, requests: server.requests };
  }

  test("sends the event and gives the answer", async () => {
    const { outcome, requests } = await invoke({}, '{"batchItemFailures":[]}');
    expect(outcome).toEqual({ ok: true, value: '{"batchItemFailures":[]}' });
    expect(requests).toMatchObject([
      {
        method: "POST",
        url: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
        headers: { "x-amz-invocation-type": "RequestResponse" },
        body: '{"Records":[]}',
      },
    ]);
  });

  test("gives a function's error as one", async () => {
    const { outcome } = await invoke({ "x-amz-function-error": "Unhandled" }, '{"errorMessage":"no"}');
    expect(outcome).toEqual({ ok: false, error: 'Unhandled: {"errorMessage":"no"}' });
  });

  test("takes an empty answer for null", async () => {
    expect((await invoke({}, "")).outcome).toEqual({ ok: true, value: "null" });
  });
});
