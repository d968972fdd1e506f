import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));

function run(...args: string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
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
});
