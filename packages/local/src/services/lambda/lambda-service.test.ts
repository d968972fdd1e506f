import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Links } from "../../links/links.ts";
import { LinkError } from "../../links/links.ts";
import { createWallScheduler } from "../../links/scheduler.ts";
import type { VirtualTime } from "../../testing-time/virtual-time.ts";
import { createVirtualTime } from "../../testing-time/virtual-time.ts";
import type { Front } from "../front/front.ts";
import { createFront } from "../front/front.ts";
import { functionPrincipal, operatorPrincipal } from "../iam/statement.ts";
import { createS3Service } from "../s3/s3-service.ts";
import { account } from "../service.ts";
import { type AsyncOutcome, createAsyncInvocations } from "./async-invocations.ts";
import type { Bundle } from "./bundle.ts";
import type { Lambda } from "./lambda.ts";
import { bundleFunctions, createLambda } from "./lambda.ts";
import { createLambdaService } from "./lambda-service.ts";
import { fixturesRoot, probeFunction } from "./testing/probe-functions.ts";

const [home, peer] = ["us-east-1", "eu-west-1"];
const probe = probeFunction(home, {
  timeoutSeconds: 10,
  statements: [
    {
      effect: "Allow",
      actions: ["s3:GetObject"],
      resources: ["arn:aws:s3:::here/*", "arn:aws:s3:::abroad/*"],
    },
  ],
});
const clock = { now: () => Date.UTC(2026, 0, 1) };
let outDir = "";
let bundles: ReadonlyMap<string, Bundle>;
let lambda: Lambda;
let front: Front;
let client: LambdaClient;
let time: VirtualTime;
let failures: AsyncOutcome[];
let linkIsCut: boolean;

const links: Links = {
  async cross(from, to) {
    if (linkIsCut) throw new LinkError(from, to, "cut");
  },
};

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "antipode-bundles-"));
  bundles = await bundleFunctions([probe], { root: fixturesRoot, outDir });
});
afterAll(() => rm(outDir, { recursive: true }));

beforeEach(async () => {
  [failures, linkIsCut] = [[], false];
  time = createVirtualTime();
  const s3 = createS3Service({ clock });
  s3.createBucket(home, "here");
  s3.createBucket(peer, "abroad");
  s3.put(home, "here", "k", "at home");
  s3.put(peer, "abroad", "k", "from abroad");
  lambda = createLambda({
    functions: [probe],
    bundles,
    endpointUrl: () => front.url,
    clock,
    scheduler: createWallScheduler(),
  });
  const asyncInvocations = createAsyncInvocations({
    lambda,
    scheduler: time,
    onFailure: ({ outcome }) => failures.push(outcome),
  });
  const service = createLambdaService({ lambda, asyncInvocations });
  front = await createFront({
    region: home,
    services: [s3, service],
    links,
    principals: (accessKeyId) => {
      if (accessKeyId === "OPERATOR") return operatorPrincipal(account);
      if (accessKeyId === "NOTHING") return functionPrincipal(probe.roleArn, "idle", []);
      return lambda.principal(accessKeyId);
    },
  });
  vi.stubEnv("AWS_ENDPOINT_URL", front.url);
  client = clientOf("OPERATOR");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await lambda.close();
  await front.close();
});

function clientOf(accessKeyId: string): LambdaClient {
  return new LambdaClient({
    region: home,
    credentials: { accessKeyId, secretAccessKey: "s" },
    maxAttempts: 1,
  });
}

async function invoke(event: object, more: Partial<ConstructorParameters<typeof InvokeCommand>[0]> = {}) {
  const Payload = JSON.stringify(event);
  const answer = await client.send(new InvokeCommand({ FunctionName: probe.name, Payload, ...more }));
  return { ...answer, text: answer.Payload?.transformToString() ?? "" };
}

/** A bound against hanging, not a measure. */
const patience = { timeout: 20_000 };

describe("Invoke through the SDK", () => {
  test.each([
    ["its name", probe.name],
    ["its ARN", probe.arn],
    ["its ARN with a version", `${probe.arn}:$LATEST`],
    ["a partial ARN", `${account}:function:${probe.name}`],
  ])("finds a function by %s", async (_how, FunctionName) => {
    const answer = await invoke({ do: "echo", value: [1] }, { FunctionName });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST", text: "[1]" });
    expect(answer.FunctionError).toBeUndefined();
  });

  test("says when the function failed, and what it logged when asked", async () => {
    const answer = await invoke({ do: "throw" }, { LogType: "Tail" });
    expect(answer.FunctionError).toBe("Unhandled");
    expect(JSON.parse(answer.text)).toMatchObject({ errorType: "ProbeError" });
    expect(Buffer.from(answer.LogResult ?? "", "base64").toString()).toContain("ProbeError: as asked");
  });

  test("refuses what it must", async () => {
    await expect(invoke({}, { FunctionName: "missing" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(invoke({}, { FunctionName: probe.arn.replace(home, peer) })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(invoke({}, { Payload: "{" })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
    });
    await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      message: expect.stringContaining("has only Invoke"),
    });
    client = clientOf("NOTHING");
    await expect(invoke({})).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`lambda:InvokeFunction on resource: ${probe.arn}`),
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("only checks when run dry", async () => {
    expect((await invoke({ do: "count" }, { InvocationType: "DryRun" })).StatusCode).toBe(204);
    expect((await invoke({ do: "count" })).text).toBe("1");
  });

  test("asynchronously answers at once, tries three times, and reports what failed for good", async () => {
    expect((await invoke({ do: "throw" }, { InvocationType: "Event" })).StatusCode).toBe(202);
    await expect.poll(() => time.scheduled(), patience).toBe(1);
    await time.advance(60_000);
    await expect.poll(() => time.scheduled(), patience).toBe(1);
    expect(failures).toEqual([]);
    await time.advance(120_000);
    await expect.poll(() => failures, patience).toMatchObject([{ functionError: "Unhandled" }]);
    expect(lambda.stats()[probe.arn]?.invocations).toBe(3);
  });
});

describe("a function's own calls", () => {
  const read = (bucket: string, region?: string) => invoke({ do: "read-object", bucket, key: "k", region });

  test("reach its region's services with the unmodified SDK", async () => {
    expect((await read("here")).text).toBe('"at home"');
  });

  test("reach another region over the link, and fail when it is cut", async () => {
    expect((await read("abroad", peer)).text).toBe('"from abroad"');
    linkIsCut = true;
    expect(JSON.parse((await read("abroad", peer)).text)).toMatchObject({
      errorMessage: expect.stringMatching(/ECONNRESET|socket hang up/),
    });
    expect((await read("here")).text).toBe('"at home"');
  });

  test("are made as its own role", async () => {
    const answer = await read("secret");
    expect(JSON.parse(answer.text)).toMatchObject({
      errorType: "AccessDenied",
      errorMessage: expect.stringContaining(
        `assumed-role/${probe.name}-${home}/${probe.name} is not authorized`,
      ),
    });
  });
});
