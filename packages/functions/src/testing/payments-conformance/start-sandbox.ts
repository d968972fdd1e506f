import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const main = fileURLToPath(new URL("../../../../payment-sandbox/src/main.ts", import.meta.url));

const ledgerSchema = z.object({
  payments: z.array(
    z.object({
      id: z.string(),
      order: z.string(),
      placement: z.string(),
      amount: z.number(),
      currency: z.string(),
      status: z.string(),
      charges: z.array(
        z.object({
          status: z.string(),
          captures: z.number(),
          amount: z.number(),
          amountCaptured: z.number(),
        }),
      ),
      refunds: z.array(z.object({ amount: z.number(), status: z.string() })),
    }),
  ),
});

const underWaySchema = z.object({ operations: z.array(z.string()) });

export type SandboxLedger = z.infer<typeof ledgerSchema>;

/** The sandbox provider as a process of its own, and its control path. */
export interface SandboxProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** These faults and no others. */
  tell(...faults: readonly object[]): Promise<void>;
  post(path: string, body: unknown): Promise<number>;
  ledger(order: string): Promise<SandboxLedger>;
  /** Resolves when a request of that operation is under way, as one that was told to be slow. */
  underWay(operation: string): Promise<void>;
  close(): Promise<void>;
}

export const sandboxKey = "sk_test_sandbox";
export const sandboxWebhookSecret = "whsec_sandbox";

export interface SandboxSettings {
  readonly processingMs?: number;
  readonly seed?: number;
  readonly webhookUrls?: readonly string[];
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) {
    throw new Error("the sandbox has no output");
  }
  for await (const line of createInterface({ input: stdout })) {
    return line;
  }
  throw new Error("the sandbox ended before it listened");
}

/** Starts it on a free port of this machine; it ends with this process, whatever happens. */
export async function startSandbox({
  processingMs = 3_600_000, // until it is told to decide
  seed = 1,
  webhookUrls = [],
}: SandboxSettings = {}): Promise<SandboxProcess> {
  const child = spawn(
    process.execPath,
    [
      main,
      "--port=0",
      `--api-key=${sandboxKey}`,
      `--webhook-secret=${sandboxWebhookSecret}`,
      `--processing-ms=${processingMs}`,
      `--seed=${seed}`,
      ...webhookUrls.map((url) => `--webhook-url=${url}`),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { port } = z.object({ port: z.number() }).parse(JSON.parse(await firstLine(child)));
  const url = `http://127.0.0.1:${port}`;
  const post = async (path: string, body: unknown): Promise<number> => {
    const answer = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
    await answer.arrayBuffer();
    return answer.status;
  };
  return {
    url,
    child,
    post,
    async tell(...faults) {
      if ((await post("/sandbox/faults", { faults })) !== 200) {
        throw new Error(`the sandbox does not know these faults: ${JSON.stringify(faults)}`);
      }
    },
    async ledger(order) {
      const answer = await fetch(`${url}/sandbox/ledger?order=${order}`);
      return ledgerSchema.parse(await answer.json());
    },
    async underWay(operation) {
      for (;;) {
        const answer = await fetch(`${url}/sandbox/under-way`);
        const { operations } = underWaySchema.parse(await answer.json());
        if (operations.includes(operation)) {
          return;
        }
        await sleep(5);
      }
    },
    async close() {
      child.stdin?.end();
      await ended;
    },
  };
}
