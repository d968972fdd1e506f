import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Trail } from "../calls/trail.ts";
import { paymentKey, paymentWebhookSecret } from "../function/links.ts";
import { repositoryRoot } from "../repository-root.ts";
import { serveStore } from "../store/loopback.ts";

/** A payment provider that counts what it is asked. */
export interface MeteredProvider {
  readonly url: string;
  /** Calls since the last reading. */
  take(): number;
  /** Throws unless so many payments were made and each was captured whole, once. */
  expectCaptured(payments: number): Promise<void>;
  close(): Promise<void>;
}

const main = path.join(repositoryRoot, "packages", "payment-sandbox", "src", "main.ts");
const announcement = z.object({ port: z.int().positive() });

/** The sandbox as a process of its own, which ends with this one: its standard input is a pipe. */
async function startSandbox() {
  const arguments_ = ["--api-key", paymentKey, "--webhook-secret", paymentWebhookSecret];
  const child = spawn(process.execPath, [main, ...arguments_], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const first = once(createInterface({ input: child.stdout }), "line");
  const line = await Promise.race([first.then(([text]) => String(text)), exited.then(() => undefined)]);
  if (line === undefined) {
    throw new Error("the payment sandbox ended before it listened");
  }
  return {
    url: `http://127.0.0.1:${announcement.parse(JSON.parse(line)).port}`,
    async close() {
      child.kill();
      await exited;
    },
  };
}

const ledgerShape = z.object({
  payments: z.array(
    z.object({
      amount: z.int(),
      charges: z.array(z.object({ captures: z.int(), amountCaptured: z.int() })),
      refunds: z.array(z.unknown()),
    }),
  ),
});

/** What the provider knows, whoever asked for it and however often. */
async function readLedger(sandbox: string) {
  const answer = await fetch(`${sandbox}/sandbox/ledger`);
  return ledgerShape.parse(await answer.json()).payments;
}

const forwarded = ["authorization", "content-type", "idempotency-key", "stripe-version"] as const;
const answered = ["content-type", "idempotent-replayed", "request-id"] as const;

function callName(method: string, url: string): string {
  const verb = /^\/v1\/payment_intents\/[^/?]+\/([a-z]+)/.exec(url)?.[1];
  const isOne = /^\/v1\/payment_intents\/[^/?]+/.test(url);
  return `payment ${verb ?? (method === "GET" ? "read" : isOne ? "update" : "create")}`;
}

/** The payment sandbox behind a counter. */
export async function meterProvider(trail?: Trail): Promise<MeteredProvider> {
  const sandbox = await startSandbox();
  let calls = 0;
  const loopback = await serveStore(async ({ method = "GET", url = "/", headers }, body) => {
    const call = await trail?.asked(callName(method, url));
    calls += 1;
    const answer = await fetch(`${sandbox.url}${url}`, {
      method,
      headers: forwarded.flatMap((name): [string, string][] => {
        const value = headers[name];
        return value === undefined ? [] : [[name, String(value)]];
      }),
      ...(method === "GET" ? {} : { body }),
    });
    const text = await answer.text();
    call?.answered({ readUnits: 0, writeUnits: 0 });
    return {
      status: answer.status,
      body: text,
      headers: Object.fromEntries(
        answered.flatMap((name) => {
          const value = answer.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
    };
  });
  return {
    url: loopback.url,
    take() {
      const taken = calls;
      calls = 0;
      return taken;
    },
    async expectCaptured(expected) {
      const payments = await readLedger(sandbox.url);
      const captured = payments.filter(
        ({ amount, charges: [charge, ...others], refunds }) =>
          charge?.captures === 1 &&
          charge.amountCaptured === amount &&
          others.length === 0 &&
          refunds.length === 0,
      );
      if (payments.length !== expected || captured.length !== expected) {
        throw new Error(`${captured.length} of ${payments.length} payments are captured, of ${expected}`);
      }
    },
    async close() {
      await loopback.close();
      await sandbox.close();
    },
  };
}
