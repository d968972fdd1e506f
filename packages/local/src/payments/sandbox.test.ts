import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { root } from "../cli/root.ts";
import { createWallScheduler } from "../links/scheduler.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox.ts";
import { sandboxFaults } from "./sandbox-faults.ts";

const real = path.join(root, "packages/payment-sandbox/src/main.ts");
const broken = fileURLToPath(new URL("./testing/broken-sandbox.ts", import.meta.url));

const started: Sandbox[] = [];
const warnings: string[] = [];

async function start(more: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    main: real,
    port: 0,
    apiKey: "sk_test_1",
    webhookSecret: "whsec_1",
    webhookUrls: {},
    seed: 2 ** 40 + 1,
    machine: createWallScheduler(),
    time: { scale: 1, sinceMs: 0 },
    warn: (line) => warnings.push(line),
    ...more,
  });
  started.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.close();
  warnings.length = 0;
});

const create = (sandbox: Sandbox) =>
  fetch(`${sandbox.url}/v1/payment_intents`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" },
    body: "amount=100&currency=usd&capture_method=manual",
  });

describe("the payment sandbox", () => {
  it("runs with the key that it is given, keeps a ledger, and ends", async () => {
    const sandbox = await start();
    expect((await create(sandbox)).status).toBe(200);
    expect(await sandbox.ledger()).toMatchObject({ payments: [{ amount: 100, currency: "usd" }] });
    expect(sandbox.isRunning()).toBe(true);
    await sandbox.close();
    await expect(create(sandbox)).rejects.toThrow("fetch failed");
    expect([sandbox.isRunning(), warnings]).toEqual([false, []]);
  });

  it("listens where it is told to, and says in one line when it cannot", async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const failure = await start({ port }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: "SandboxError",
      message: expect.stringMatching(/^the payment sandbox did not start: [^\n]*EADDRINUSE[^\n]*$/),
    });
    await first.close();
    expect((await start({ port })).url).toBe(first.url);
  });

  it("takes faults, one set in place of the other", async () => {
    const sandbox = await start();
    sandbox.setFaults({ failShare: 1 });
    await sandbox.ready();
    expect((await create(sandbox)).status).toBe(500);
    sandbox.setFaults({ loseAnswerShare: 1 });
    sandbox.setFaults({});
    await sandbox.ready();
    expect((await create(sandbox)).status).toBe(200);
    sandbox.setFaults({ loseAnswerShare: 1 });
    await sandbox.ready();
    await expect(create(sandbox)).rejects.toThrow("fetch failed");
    expect(await sandbox.ledger()).toMatchObject({ payments: [{}, {}] });
  });

  it("understands every fault that the world has", async () => {
    const sandbox = await start({ webhookUrls: { "eu-west-1": "http://127.0.0.1:1/" } });
    sandbox.setFaults({
      slowMs: 1,
      declineAll: true,
      failShare: 0.1,
      loseAnswerShare: 0.1,
      webhookDelayMs: 5,
      webhookTo: ["eu-west-1"],
      webhookTwice: true,
    });
    await sandbox.ready();
    expect(warnings).toEqual([]);
  });

  it("is said to have ended when it does", async () => {
    const sandbox = await start({ main: broken, apiKey: "dies" });
    await expect(sandbox.ledger()).rejects.toThrow();
    await expect.poll(() => warnings).toEqual(["the payment sandbox has ended: it does not say why"]);
    expect(sandbox.isRunning()).toBe(false);
    sandbox.setFaults({ slowMs: 1 });
    await sandbox.ready();
    expect(warnings[1]).toMatch(/^the payment sandbox did not take its faults: /);
  });

  it("is made to end when it will not", async () => {
    const sandbox = await start({ main: broken, apiKey: "stays" });
    await sandbox.close();
    expect(sandbox.isRunning()).toBe(false);
  });

  it.each([
    ["complains", broken, "the payment sandbox did not start: no good: | reasons"],
    ["babbles", broken, "the payment sandbox does not say its port: hello"],
    ["absent", `${broken}.js`, /^the payment sandbox did not start: .*Cannot find module/],
  ])("does not start when it %s, which is said in one line", async (apiKey, main, message) => {
    const failure = await start({ main, apiKey }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "SandboxError", message: expect.stringMatching(message) });
    expect((failure as Error).message).not.toContain("\n");
  });

  it("ends with whoever started it, even when that is killed", async () => {
    const parent = spawnParent();
    const [line] = (await once(parent.stdout ?? parent, "data")) as [Buffer];
    const url = line.toString().trim();
    expect((await fetch(`${url}/sandbox/ledger`)).status).toBe(200);
    parent.kill("SIGKILL");
    const answers = () =>
      fetch(`${url}/sandbox/ledger`).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 10_000 }).toBe(false);
  });
});

/** A process that starts the sandbox, says where it is, and stays. */
function spawnParent(): ChildProcess {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const code = `
    const { startSandbox } = await import(${module("./sandbox.ts")});
    const { createWallScheduler } = await import(${module("../links/scheduler.ts")});
    const sandbox = await startSandbox({
      main: ${JSON.stringify(real)}, port: 0, apiKey: "k", webhookSecret: "s", webhookUrls: {}, seed: 1,
      machine: createWallScheduler(), time: { scale: 1, sinceMs: 0 }, warn: console.error,
    });
    console.log(sandbox.url);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("faults as the sandbox is told them", () => {
  it("are none, or those in force", () => {
    expect(sandboxFaults({})).toEqual({ off: true });
    expect(sandboxFaults({ slowMs: 3000, failShare: 0.2 })).toEqual({
      faults: [
        { type: "slow", ms: 3000 },
        { type: "fail", effect: "none", share: 0.2 },
      ],
    });
  });
});
