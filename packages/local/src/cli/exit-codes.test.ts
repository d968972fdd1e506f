/** Every command of package.json that a person types words after, called wrongly: 2, one line, and nothing done. */
import { spawn } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./root.ts";

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function run(script: string, argv: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, script), ...argv], { cwd: root });
    let [out, error] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      error += data.toString();
    });
    child.on("close", (code) => resolve({ code, out, error }));
  });
}

const cli = "packages/local/src/cli";
const startsWithinMs = 60_000; // each is a process; on a machine that is busy with other tests they take their time

test.each([
  [`${cli}/local.ts`, "--bogus"],
  [`${cli}/world.ts`, "bogus"],
  [`${cli}/drill.ts`, "bogus"],
  ["scripts/token.ts", "--bogus"],
  ["scripts/deploy.ts", "--bogus"],
  ["scripts/spec.ts", "--bogus"],
  ["packages/infra-graph/src/cli.ts", "--bogus"],
  ["packages/bench/src/cli.ts", "--bogus"],
])(
  "%s %s exits with 2 and names the word",
  async (script, word) => {
    const { code, out, error } = await run(script, [word]);
    expect([code, out]).toEqual([2, ""]);
    expect(error).toMatch(/^antipode: [^\n]+\n$/);
    if (script !== "scripts/spec.ts") expect(error).toContain("bogus");
  },
  startsWithinMs,
);

test.each(
  [
    `${cli}/local.ts`,
    `${cli}/world.ts`,
    `${cli}/drill.ts`,
    "scripts/token.ts",
    "scripts/region.ts",
    "scripts/deploy.ts",
    "scripts/spec.ts",
    "packages/infra-graph/src/cli.ts",
    "packages/bench/src/cli.ts",
  ].flatMap((script) => [[script, "--help"] as const, [script, "help"] as const]),
)(
  "%s %s helps, and that is no failure",
  async (script, word) => {
    const { code, out, error } = await run(script, [word]);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/^(npm run|usage: |[a-z-]+: )/);
  },
  startsWithinMs,
);
