import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSessions, parseKeySet } from "../packages/functions/src/platform/sessions.ts";
import { removeWorldState, writeWorldState } from "../packages/local/src/world/state-file.ts";
import { deployedToken, readTokenArguments, tokenHelp, worldToken } from "./admin-token.ts";

const nowMs = 1_760_000_000_000;
const keySet = JSON.stringify([{ kid: "k1", secret: Buffer.alloc(32, 1).toString("base64url") }]);
const link = JSON.stringify({ type: "sst.sst.Secret", value: keySet });

describe("the command line", () => {
  it.each<[string[], object]>([
    [[], { name: "operator", hours: 8 }],
    [["--name", "alice"], { name: "alice", hours: 8 }],
    [["--hours", "0.5", "--name=bob"], { name: "bob", hours: 0.5 }],
  ])("%j is understood", (argv, request) => {
    expect(readTokenArguments(argv)).toEqual({ type: "sign", request });
  });

  it.each([["--help"], ["-h"], ["help"], ["--name", "alice", "--help"]])("%s asks for help", (...argv) => {
    expect(readTokenArguments(argv)).toEqual({ type: "help" });
  });

  it.each<[string[], string | RegExp]>([
    [["alice"], 'unknown word "alice": choose from --name, --hours'],
    [["--stage", "prod"], 'unknown option "--stage": choose from --name, --hours'],
    [["--hours"], "--hours takes a number of hours, and none is given"],
    [["--hours", "long"], '--hours takes a number of hours, not "long"'],
    [["--hours", "-1"], '--hours takes a number of hours, not "-1"'],
    [["--hours", "1e1"], '--hours takes a number of hours, not "1e1"'],
    [["--hours", "25"], /at most 24 hours/],
    [["--name", "Alice"], /"Alice" is not a name/],
  ])("%j is refused in one line", (argv, error) => {
    expect(readTokenArguments(argv)).toEqual({
      type: "error",
      error: typeof error === "string" ? error : expect.stringMatching(error),
    });
  });
});

describe("a token of a deployed stage", () => {
  it("is one that its functions verify", async () => {
    const token = deployedToken(link, { name: "alice", hours: 1 }, nowMs);
    const verified = await createSessions(parseKeySet(keySet)).verify(token.ok ? token.value : "", nowMs);
    const session = { type: "admin", operator: "alice", expiresAtMs: nowMs + 3_600_000 };
    expect(verified).toEqual({ ok: true, value: session });
  });

  it.each(["", "{", "null", "{}", '"x"'])("needs the linked secret, which %j is not", (text) => {
    expect(deployedToken(text, { name: "alice" }, nowMs)).toMatchObject({
      ok: false,
      error: expect.stringContaining("npx sst shell --stage"),
    });
  });

  it("keeps to a day and to plain names", () => {
    for (const request of [{ name: "alice", hours: 25 }, { name: "Alice" }]) {
      expect(deployedToken(link, request, nowMs).ok).toBe(false);
    }
  });
});

describe("a token of the local world", () => {
  let root = "";
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      const body = JSON.parse(text) as { name: string };
      asked.push([request.method, request.url, body]);
      const good = body.name === "alice";
      response
        .writeHead(good ? 200 : 400)
        .end(JSON.stringify(good ? { token: "a.b.c" } : { error: "no name" }));
    });
  });

  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), "antipode-token-"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    writeWorldState(root, { pid: process.pid, control: `http://127.0.0.1:${port}` });
  });
  afterEach(async () => {
    asked.length = 0;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(root, { recursive: true, force: true });
  });

  it("is what its control server signs", async () => {
    expect(await worldToken(root, { name: "alice", hours: 2 })).toEqual({ ok: true, value: "a.b.c" });
    expect(asked).toEqual([["POST", "/token", { name: "alice", hours: 2 }]]);
    expect(await worldToken(root, { name: "Alice" })).toEqual({ ok: false, error: "no name" });
  });

  it("cannot be had without a world, and the refusal says where to get one", async () => {
    const none = { ok: false, error: expect.stringMatching(/npm run local.*npx sst shell/) };
    removeWorldState(root, process.pid);
    expect(await worldToken(root, { name: "alice" })).toEqual(none);
    writeWorldState(root, { pid: process.pid, control: "http://127.0.0.1:1" });
    expect(await worldToken(root, { name: "alice" })).toEqual(none);
  });
});

describe("npm run token", () => {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "token.ts");
  const run = (argv: string[], env: Record<string, string>) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [script, ...argv], {
        env: { PATH: process.env["PATH"], ...env },
      });
      let [out, err] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString();
      });
      child.stderr.on("data", (chunk: Buffer) => {
        err += chunk.toString();
      });
      child.on("close", (code) => resolve({ code, out, err }));
    });

  it("prints the token alone, or one line of what to do", async () => {
    const env = { SST_RESOURCE_SessionKeys: link };
    const good = await run(["--name", "alice"], env);
    expect([good.code, good.err]).toEqual([0, ""]);
    const session = await createSessions(parseKeySet(keySet)).verify(good.out.trim(), Date.now());
    expect(session).toMatchObject({ ok: true, value: { operator: "alice" } });
    const bad = await run(["--hours", "48"], env);
    expect(bad).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^antipode: [^\n]+24 hours[^\n]*\n$/),
    });
    const broken = await run([], { SST_RESOURCE_SessionKeys: "{}" });
    expect(broken).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^antipode: [^\n]+\n$/) });
    expect(await run(["--help"], env)).toEqual({ code: 0, out: `${tokenHelp}\n`, err: "" });
  });
});
