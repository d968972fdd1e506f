import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "./repository-root.ts";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));

function run(...args: string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
} {
  // what is wrong and what helps is answered without starting anything: nothing was installed for it
  const node = ["--permission", "--allow-fs-read=*", "--no-warnings"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, cli, ...args], {
    encoding: "utf8",
  });
  return { status, out: stdout, error: stderr.trim() };
}

describe("npm run graph", () => {
  it.each([
    [["--colour"], "Unknown option '--colour'"],
    [["surplus"], "Unexpected argument 'surplus'"],
    [["--stage"], "'--stage <value>' argument missing"],
    [["--json"], "--stage <stage> and --json go together"],
    [["--stage", "alice"], "--stage <stage> and --json go together"],
    [["--check", "--stage", "alice", "--json"], "--check compares all stages"],
    [["--stage", "prod-mars-1", "--json"], 'unknown stage "prod-mars-1"'],
  ])("refuses %j in one line", (args, message) => {
    const { status, out, error } = run(...args);
    expect(status).toBe(2);
    expect(out).toBe("");
    expect(error).toContain(message);
    expect(error.split("\n")).toHaveLength(1);
  });

  it("explains itself", () => {
    expect(run("--help")).toMatchObject({ status: 0, out: expect.stringContaining("--check") });
  });

  it("installs the platform only for a graph that is asked for", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(repositoryRoot, "package.json"), "utf8"));
    expect(scripts.graph).toBe("node scripts/preflight.mjs && node packages/infra-graph/src/cli.ts");
    expect(run("--check")).toMatchObject({
      status: 1,
      error: expect.stringContaining("--allow-child-process"),
    });
  });
});
