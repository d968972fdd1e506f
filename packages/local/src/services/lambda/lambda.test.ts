import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createScaledScheduler, createWallScheduler } from "../../links/scheduler.ts";
import type { Bundle } from "./bundle.ts";
import { BundleError } from "./bundle.ts";
import type { FunctionDefinition, LogEntry } from "./definition.ts";
import type { Lambda, LambdaOptions } from "./lambda.ts";
import { bundleFunctions, createLambda } from "./lambda.ts";
import { fixturesRoot, probeFunction } from "./testing/probe-functions.ts";

const [east, west] = [probeFunction("us-east-1"), probeFunction("eu-west-1")];
const broken = probeFunction("us-east-1", {
  name: "antipode-test-Broken",
  arn: "arn:aws:lambda:us-east-1:111122223333:function:antipode-test-Broken",
  sourceHandler: "broken/handler.handler",
});
let outDir = "";
let bundles: ReadonlyMap<string, Bundle>;
let lambda: Lambda;
let logged: LogEntry[];

const bundle = (functions: readonly FunctionDefinition[]) =>
  bundleFunctions(functions, { root: fixturesRoot, outDir });

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "antipode-bundles-"));
  bundles = await bundle([east, west, broken]);
});
afterAll(() => rm(outDir, { recursive: true }));

function open(
  functions: readonly FunctionDefinition[] = [east, west, broken],
  more: Partial<LambdaOptions> = {},
): Lambda {
  logged = [];
  return createLambda({
    functions,
    bundles,
    endpointUrl: (region) => `http://127.0.0.1:1/${region}`,
    clock: { now: () => Date.UTC(2026, 0, 1) },
    scheduler: createWallScheduler(),
    onLog: (entry) => logged.push(entry),
    ...more,
  });
}

beforeEach(() => {
  lambda = open();
});
afterEach(() => lambda.close());

const ask = async (event: object, { arn }: { arn: string } = east) => {
  const result = await lambda.invoke(arn, JSON.stringify(event));
  return { ...result, value: JSON.parse(result.payload) };
};

describe("an invocation", () => {
  test("passes the event and returns the answer as JSON", async () => {
    const value = { text: "ü", list: [1, null, { a: true }] };
    expect(await ask({ do: "echo", value })).toMatchObject({ value });
    expect((await ask({ do: "echo", value })).functionError).toBeUndefined();
    expect((await ask({ do: "nothing" })).payload).toBe("null");
  });

  test("reads its region's clock, as each invocation finds it", async () => {
    const regionNowMs = Date.UTC(2026, 0, 1);
    const { value } = await ask({ do: "read-clock" });
    for (const seenMs of [value.now, Date.parse(value.made)]) {
      expect(Math.abs(seenMs - regionNowMs)).toBeLessThan(86_400_000); // the machine's own clock is months away
    }
    expect(value.text).toContain("2026");
    expect(value.text).toMatch(/Jan 01|Dec 31/);
    expect(value.fixed).toBe("1970-01-01T00:00:00.000Z");
  });

  test("can be addressed by name and region", async () => {
    const result = await lambda.invoke({ region: east.region, name: east.name }, '{"do":"echo","value":1}');
    expect(result.payload).toBe("1");
  });

  test("of a function that is not there is refused", async () => {
    await expect(lambda.invoke("arn:nothing", "{}")).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  test("with more than 6 MiB is refused", async () => {
    const value = "x".repeat(6_291_456);
    await expect(ask({ do: "echo", value })).rejects.toMatchObject({ code: "RequestTooLargeException" });
  });

  test("answers a thrown error as Lambda writes it, and the instance goes on", async () => {
    await ask({ do: "count" });
    const { functionError, value } = await ask({ do: "throw" });
    expect(functionError).toBe("Unhandled");
    expect(value).toMatchObject({ errorType: "ProbeError", errorMessage: "as asked" });
    expect(value.trace[1]).toContain("probe/handler.ts:");
    expect(value.trace.join()).not.toContain("data:");
    expect((await ask({ do: "count" })).value).toBe(2);
  });

  test("that returns what JSON cannot hold is an error", async () => {
    expect(await ask({ do: "circular" })).toMatchObject({
      functionError: "Unhandled",
      value: { errorType: "Runtime.MarshalError" },
    });
  });

  test("knows its context and how much time it has left", async () => {
    const { value, requestId } = await ask({ do: "sleep", ms: 300 });
    expect(value.requestId).toBe(requestId);
    expect(value.remainingMs).toBeLessThanOrEqual(1_701);
    expect(value.remainingMs).toBeGreaterThan(500);
    expect((await ask({ do: "describe" })).value.context).toMatchObject({
      functionName: east.name,
      functionVersion: "$LATEST",
      invokedFunctionArn: east.arn,
      memoryLimitInMB: "256",
    });
  });
});

describe("where the world's time passes faster", () => {
  const scale = 20;
  const machine = createWallScheduler();
  const scheduler = createScaledScheduler(machine, { scale, sinceMs: machine.now() });

  async function openFast(timeoutSeconds: number): Promise<void> {
    await lambda.close();
    const clock = { now: () => scheduler.now() };
    lambda = open([{ ...east, timeoutSeconds }], { clock, scheduler, timeScale: scale });
    await lambda.warm(east.arn);
  }

  test.each([
    "setTimeout",
    "promisified",
    "setInterval",
    "node:timers",
    "node:timers/promises",
    "interval",
    "scheduler",
    "signal",
    "socket",
  ])("a function waits and measures by that time: %s", async (by) => {
    await openFast(60); // three seconds of the machine: a wait of its own would be longer
    const waitMs = 12_000;
    const { value } = await ask({ do: "wait", with: by, ms: waitMs });
    for (const ms of [value.tookMs, value.countedMs]) expect(ms).toBeGreaterThanOrEqual(waitMs - 2 * scale);
    expect(value.remainingMs).toBeLessThanOrEqual(60_000 - waitMs + 2 * scale);
  });

  test.each(["setTimeout", "signal", "socket"])(
    "a function is no less patient than half a second of the machine: %s",
    async (by) => {
      await openFast(60);
      const waitMs = 1_000; // a call of a table, which takes as long as the machine needs for it
      const { value } = await ask({ do: "wait", with: by, ms: waitMs });
      expect(value.tookMs).toBeGreaterThanOrEqual((500 - 2) * scale);
    },
  );

  test("a function runs as long as it may by that time", async () => {
    await openFast(2); // a tenth of a second of the machine
    const { functionError, value } = await ask({ do: "sleep", ms: 20_000 });
    expect(functionError).toBe("Unhandled");
    expect(value.errorMessage).toContain("timed out after 2.00 seconds");
  });
});

describe("two regions", () => {
  test("see their own environment and links, and nothing of this machine's", async () => {
    const one = (await ask({ do: "describe" }, east)).value;
    const other = (await ask({ do: "describe" }, west)).value;
    expect(one.env).toMatchObject({
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: east.name,
      AWS_ENDPOINT_URL: "http://127.0.0.1:1/us-east-1",
      SETTING: "for us-east-1",
    });
    expect(other.env).toMatchObject({ AWS_REGION: "eu-west-1", SETTING: "for eu-west-1" });
    expect(one.env.AWS_ACCESS_KEY_ID).not.toBe(other.env.AWS_ACCESS_KEY_ID);
    expect(one.deployment).toEqual({ environment: "test", region: "us-east-1", origin: "us-east-1#1" });
    expect(other.deployment.region).toBe("eu-west-1");
    expect(other.app).toEqual({ name: "antipode", stage: "test-eu-west-1" });
    expect(process.env["PATH"]).toBeDefined();
    for (const name of ["PATH", "HOME", "NODE_ENV", "VITEST"]) expect(one.env).not.toHaveProperty(name);
  });

  test("share no globals", async () => {
    expect((await ask({ do: "count" }, east)).value).toBe(1);
    expect((await ask({ do: "count" }, east)).value).toBe(2);
    expect((await ask({ do: "count" }, west)).value).toBe(1);
    expect(globalThis).not.toHaveProperty("probeCount");
  });

  test("go down apart: one dies with what it was doing and comes back cold, the other goes on", async () => {
    await ask({ do: "count" }, east);
    await ask({ do: "count" }, west);
    const pending = ask({ do: "sleep", ms: 1_500 }, east);
    setTimeout(() => lambda.setDown("us-east-1", true), 50);
    await expect(pending).rejects.toMatchObject({ code: "ServiceException" });
    await expect(ask({ do: "count" }, east)).rejects.toMatchObject({ code: "ServiceException" });
    expect((await ask({ do: "count" }, west)).value).toBe(2);
    lambda.setDown("us-east-1", false);
    expect((await ask({ do: "count" }, east)).value).toBe(1);
  });
});

describe("a function that goes wrong", () => {
  const slow = { ...east, timeoutSeconds: 0.3 };

  test.each([{ do: "spin" }, { do: "sleep", ms: 5_000 }])("times out: %o", async (event) => {
    await lambda.close();
    lambda = open([slow]);
    await ask({ do: "count" });
    const { functionError, value } = await ask(event);
    expect(functionError).toBe("Unhandled");
    expect(value.errorMessage).toMatch(
      /^2026-01-01T00:00:00.000Z [0-9a-f-]{36} Task timed out after 0.30 seconds$/,
    );
    expect((await ask({ do: "count" })).value, "a new instance").toBe(1);
  });

  test.each([
    [{ do: "exit", code: 0 }, "Runtime.ExitError", "Runtime exited without providing a reason"],
    [{ do: "exit", code: 3 }, "Runtime.ExitError", "Runtime exited with error: exit status 3"],
    [{ do: "reject-later" }, "Runtime.UnhandledPromiseRejection", "nobody waits for this"],
    [{ do: "throw-later" }, "ProbeError", "outside of the handler"],
    [{ do: "allocate" }, "Runtime.ExitError", "out of memory"],
  ])("dies and is replaced: %o", async (event, errorType, message) => {
    await lambda.close();
    lambda = open([{ ...east, memoryMb: 64, timeoutSeconds: 20 }]);
    await ask({ do: "count" });
    const { functionError, value } = await ask(event);
    expect([functionError, value.errorType]).toEqual(["Unhandled", errorType]);
    expect(value.errorMessage).toContain(message);
    expect((await ask({ do: "count" })).value).toBe(1);
  });

  test("cannot be loaded: each call says so", async () => {
    for (let call = 0; call < 2; call += 1) {
      expect(await ask({}, broken)).toMatchObject({
        functionError: "Unhandled",
        value: { errorType: "Error", errorMessage: "this module cannot be loaded" },
      });
    }
  });
});

describe("instances", () => {
  test("take one call at a time, and are no more than the function may have", async () => {
    await lambda.close();
    lambda = open([{ ...east, concurrency: 2 }]);
    const calls = await Promise.all(Array.from({ length: 6 }, () => ask({ do: "sleep", ms: 20 })));
    expect(calls.every((call) => call.functionError === undefined)).toBe(true);
    expect(lambda.stats()[east.arn]).toMatchObject({
      coldStarts: 2,
      instances: 2,
      invocations: 6,
      waiting: 0,
    });
  });

  test("of a stream function keep the order of calls", async () => {
    await lambda.close();
    lambda = open([{ ...east, concurrency: 1 }]);
    const counts = await Promise.all(Array.from({ length: 5 }, () => ask({ do: "count" })));
    expect(counts.map((one) => one.value)).toEqual([1, 2, 3, 4, 5]);
  });

  test("can be loaded ahead of the first call", async () => {
    await lambda.warm(east.arn);
    await ask({ do: "count" });
    expect(lambda.stats()[east.arn]).toMatchObject({ coldStarts: 1, instances: 1 });
  });

  test("beyond the last one are let go when nobody needs them for a while", async () => {
    await lambda.close();
    lambda = open([east], { idleMs: 50 });
    await Promise.all(Array.from({ length: 3 }, () => ask({ do: "sleep", ms: 20 })));
    expect(lambda.stats()[east.arn]).toMatchObject({ coldStarts: 3 });
    await expect.poll(() => lambda.stats()[east.arn]?.instances).toBe(1);
    await ask({ do: "echo", value: 1 });
    expect(lambda.stats()[east.arn]).toMatchObject({ coldStarts: 3, instances: 1 });
  });

  test("that cannot even be made refuse their call, and the next one is tried again", async () => {
    await lambda.close();
    lambda = open([{ ...east, environment: { NODE_OPTIONS: "--no-such-option" } }]);
    for (let call = 0; call < 2; call += 1)
      await expect(ask({ do: "count" })).rejects.toThrow("NODE_OPTIONS");
    expect(lambda.stats()[east.arn]).toMatchObject({ waiting: 0, instances: 0 });
  });

  test("are not kept busy by callers who are gone when their turn comes", async () => {
    await lambda.close();
    lambda = open([{ ...east, concurrency: 1 }]);
    let isWanted = true;
    const running = ask({ do: "sleep", ms: 20 });
    const gone = lambda.invoke(east.arn, "{}", { isWanted: () => isWanted });
    const waiting = ask({ do: "count" });
    isWanted = false;
    await expect(gone).rejects.toMatchObject({ code: "ServiceException", message: "The caller is gone." });
    expect((await running).functionError).toBeUndefined();
    expect((await waiting).value).toBe(1);
    expect(lambda.stats()[east.arn]).toMatchObject({ invocations: 2, waiting: 0 });
  });

  test("are throttled when too many calls wait", async () => {
    const calls = Array.from({ length: 1_005 }, () => ask({ do: "sleep", ms: 5 }));
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused.map((outcome) => outcome.reason.code)).toEqual(["TooManyRequestsException"]);
  });

  test("of one function are no concern of another's: what checkers ask is answered while the shop is throttled", async () => {
    const health = { ...east, name: "health", arn: `${east.arn}-health` };
    await lambda.close();
    lambda = open([
      { ...east, concurrency: 1 },
      { ...health, concurrency: 1 },
    ]);
    const calls = Array.from({ length: 1_001 }, () => lambda.invoke(east.arn, '{"do":"sleep","ms":1}'));
    const outcomes = Promise.allSettled(calls);
    await expect(lambda.invoke(east.arn, "{}")).rejects.toMatchObject({ code: "TooManyRequestsException" });
    expect(await ask({ do: "echo", value: "open" }, health)).toMatchObject({ value: "open" });
    expect(lambda.stats()[east.arn]?.waiting).toBeGreaterThan(0); // it was answered before them
    await outcomes;
  });
});

test("what a function logs is told with its region, name and request", async () => {
  const { requestId, logTail } = await ask({ do: "log" });
  expect(logTail).toContain("hello { a: 1 }");
  await expect.poll(() => logged.length).toBe(3);
  const from = { region: "us-east-1", function: east.name };
  expect(logged).toContainEqual({ ...from, requestId, level: "INFO", line: "hello { a: 1 }" });
  expect(logged).toContainEqual({ ...from, requestId, level: "ERROR", line: "oh\nno" });
  expect(logged.find((entry) => entry.line === "raw")).toMatchObject({ ...from, level: "INFO" });
});

describe("bundling", () => {
  test("makes one file for a handler, whatever number of functions use it", () => {
    expect([...bundles.keys()].sort()).toEqual(["broken/handler.handler", "probe/handler.handler"]);
  });

  test("lays files and folders beside the bundle, where each of the handler's functions finds them", async () => {
    const copyFiles = [
      { from: "broken/handler.ts", to: "texts/one.txt" },
      { from: "broken", to: "folder" },
    ];
    const functions = [{ ...east, copyFiles }, west];
    bundles = new Map([...bundles, ...(await bundle(functions))]);
    await lambda.close();
    lambda = open(functions);
    const text = await readFile(join(fixturesRoot, "broken/handler.ts"), "utf8");
    for (const file of ["./texts/one.txt", "./folder/handler.ts"]) {
      expect((await ask({ do: "read-copy", file }, west)).value).toBe(text);
    }
  });

  test("refuses a copy of what is not there, naming the function", async () => {
    const copyFiles = [{ from: "broken/gone.txt", to: "gone.txt" }];
    const failure = await bundle([{ ...east, copyFiles }]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BundleError);
    expect(String(failure)).toContain(`${east.name} (us-east-1): there is no broken/gone.txt to copy`);
  });

  test.each([
    ["probe/nothing.handler", "there is no probe/nothing.ts"],
    ["probe/handler.handle", "exports handler, not handle"],
    ["probe", "a handler is written as <path without extension>.<export>"],
  ])("refuses %s, naming the function", async (sourceHandler, detail) => {
    const failure = await bundle([{ ...east, sourceHandler }]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BundleError);
    expect(String(failure)).toContain(
      `cannot bundle ${sourceHandler}, the handler of ${east.name} (us-east-1)`,
    );
    expect(String(failure)).toContain(detail);
  });
});
