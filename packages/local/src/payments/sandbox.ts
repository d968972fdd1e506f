import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { PaymentFaults } from "../faults/payment-faults.ts";
import type { Scheduler, TimeScale } from "../links/scheduler.ts";
import { sandboxFaults } from "./sandbox-faults.ts";

/** Four regions start at the same time, on two cores. */
const startMaxMs = 30_000;
/** A process that is asked to end and does not is made to. */
const endMaxMs = 2_000;
/** It takes seeds below this. */
const seedCount = 2 ** 32;
/** Kept of what a process complains about: the end says why. */
const complaintMax = 2_000;

/** The payment sandbox cannot be started, or its answer is not understood. Said in one line. */
export class SandboxError extends Error {
  override name = "SandboxError";
}

export interface SandboxOptions {
  /** The file that is run. */
  readonly main: string;
  /** Where it listens; 0 for any that is free. */
  readonly port: number;
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** By region; without a fault all go to the first. */
  readonly webhookUrls: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly machine: Scheduler;
  /** Its clock and its waits follow the world's. */
  readonly time: TimeScale;
  readonly warn: (line: string) => void;
}

export interface Sandbox {
  readonly url: string;
  isRunning(): boolean;
  /** All that is wrong with it from now on. */
  setFaults(faults: PaymentFaults): void;
  /** Resolves once it has taken the faults that it was told. */
  ready(): Promise<void>;
  /** What it knows of all payments, as it says it. */
  ledger(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts the sandbox as a process of its own. It ends with this one, however this one ends: its standard input is a
 * pipe that nobody else holds. Ctrl-C does not reach it, so that it answers until the world has come to an end.
 * Rejects with `SandboxError`.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { machine, warn } = options;
  const child = spawn(process.execPath, commandLine(options), {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdin.on("error", () => {}); // it is never written to
  const complaint = collect(child);
  const stopWithParent = () => child.kill();
  process.once("exit", stopWithParent);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let running = true;
  let closing = false;
  void ended.then(() => {
    running = false;
  });

  async function close(): Promise<void> {
    closing = true;
    process.off("exit", stopWithParent);
    child.stdin.end();
    child.kill();
    const cancel = machine.after(endMaxMs, () => child.kill("SIGKILL"));
    await ended;
    cancel();
  }

  let url: string;
  try {
    url = `http://127.0.0.1:${await portOf(child, ended, complaint, machine)}`;
  } catch (error) {
    await close();
    throw error;
  }
  void ended.then(() => {
    if (!closing) warn(`the payment sandbox has ended: ${complaint() || "it does not say why"}`);
  });

  let told = Promise.resolve();
  return {
    url,
    isRunning: () => running,
    setFaults(faults) {
      told = told
        .then(() => call(`${url}/sandbox/faults`, sandboxFaults(faults)))
        .then(
          () => {},
          (error: unknown) => warn(`the payment sandbox did not take its faults: ${String(error)}`),
        );
    },
    ready: () => told,
    ledger: () => call(`${url}/sandbox/ledger`),
    close,
  };
}

function commandLine(options: SandboxOptions): string[] {
  const { main, port, apiKey, webhookSecret, webhookUrls, seed, time } = options;
  return [
    main,
    ...["--port", String(port), "--api-key", apiKey, "--webhook-secret", webhookSecret],
    ...["--seed", String(seed % seedCount)],
    ...["--time-scale", String(time.scale), "--time-since", String(time.sinceMs)],
    ...Object.entries(webhookUrls).flatMap(([region, url]) => ["--webhook-url", `${region}=${url}`]),
  ];
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.on("error", (error) => {
    text += error.message;
  });
  child.stderr?.on("data", (data) => {
    text = `${text}${data}`.slice(-complaintMax);
  });
  return () => text.trim().replaceAll(/\s*\n\s*/g, " | ");
}

const announcement = z.object({ port: z.int().positive() });

/** The first line that the process prints says where it listens. */
async function portOf(
  child: ChildProcess,
  ended: Promise<void>,
  complaint: () => string,
  machine: Scheduler,
): Promise<number> {
  const { stdout } = child;
  if (stdout === null) throw new Error("the sandbox has no standard output");
  let cancel = () => {};
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: stdout }).once("line", resolve)),
    ended,
    new Promise<void>((resolve) => {
      cancel = machine.after(startMaxMs, resolve);
    }),
  ]);
  cancel();
  if (line === undefined) {
    throw new SandboxError(`the payment sandbox did not start: ${complaint() || "no answer"}`);
  }
  const parsed = announcement.safeParse(parseJson(line));
  if (!parsed.success) throw new SandboxError(`the payment sandbox does not say its port: ${line}`);
  return parsed.data.port;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The sandbox answers from memory: this is a process that hangs. */
const answerWithinMs = 10_000;

async function call(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(answerWithinMs),
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new SandboxError(`${url} answered ${response.status}: ${text}`);
  return parseJson(text);
}
