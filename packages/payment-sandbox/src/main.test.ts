import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

function start(...more: string[]): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [main, "--api-key=k", "--webhook-secret=s", ...more], {
    stdio: "pipe",
  });
  return { child, ended: new Promise((resolve) => child.once("exit", resolve)) };
}

async function port(child: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    return JSON.parse(line).port;
  }
  throw new Error("it says nothing");
}

test("says its port in one line, and ends when its input does", async () => {
  const { child, ended } = start();
  const answer = await fetch(`http://127.0.0.1:${await port(child)}/sandbox/ledger`);
  expect(await answer.json()).toEqual({ payments: [] });
  child.stdin?.end();
  expect(await ended).toBe(0);
});

test("ends when it is told to, though a request is under way", async () => {
  const { child, ended } = start();
  const url = `http://127.0.0.1:${await port(child)}`;
  await fetch(`${url}/sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ faults: [{ type: "slow", ms: 60_000 }] }),
  });
  const slow = fetch(`${url}/v1/payment_intents`, { headers: { authorization: "Bearer k" } }).catch(
    () => "broken",
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(await slow).toBe("broken");
});

test("says what it needs", async () => {
  const { ended } = start("--port=none");
  expect(await ended).toBe(2);
});

test("knows no faults that are not in its words, and names what it does not know", async () => {
  const { child, ended } = start();
  const url = `http://127.0.0.1:${await port(child)}`;
  const tell = (path: string, body: string) => fetch(`${url}${path}`, { method: "POST", body });
  expect((await tell("/sandbox/faults", '{"faults":[{"type":"explode"}]}')).status).toBe(400);
  expect((await tell("/sandbox/faults", "no json")).status).toBe(400);
  expect((await tell("/sandbox/webhooks", '{"urls":["nowhere"]}')).status).toBe(400);
  expect((await tell("/sandbox/webhooks", '{"urls":["a=http://127.0.0.1:9/"]}')).status).toBe(200);
  expect((await tell("/sandbox/what", "{}")).status).toBe(404);
  child.stdin?.end();
  expect(await ended).toBe(0);
});
