import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ChildJob } from "./child.ts";

/** An evaluation takes seconds; one that takes this long hangs on something that never answers. */
const childTimeoutMs = 120_000;

export interface ChildSettings {
  readonly cwd: string;
  /** The whole environment of the child, nothing of this process's is added. */
  readonly env: Readonly<Record<string, string>>;
}

/** The last lines of what a process printed: the error when it died. */
function tail(text: string, lines = 12): string {
  return text.trim().split("\n").slice(-lines).join("\n");
}

/**
 * Runs `child.ts` on a job and returns the result it wrote. Throws with its last output when it ends without one,
 * or when it does not end.
 */
export async function runChild<Result>(job: ChildJob, settings: ChildSettings): Promise<Result> {
  const script = fileURLToPath(new URL("./child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--enable-source-maps", "--no-deprecation", script], {
    cwd: settings.cwd,
    env: settings.env,
    stdio: ["pipe", "pipe", "pipe"],
    timeout: childTimeoutMs,
    killSignal: "SIGKILL",
  });
  let printed = "";
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.stdin.end(JSON.stringify(job));
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, killedBy) => resolve(killedBy));
  });
  if (!existsSync(job.out)) {
    const reason =
      signal === "SIGKILL" ? `did not end within ${childTimeoutMs / 1000} s` : "ended without a result";
    throw new Error(`the evaluation ${reason}\n${tail(printed)}`.trim());
  }
  return JSON.parse(readFileSync(job.out, "utf8")) as Result;
}
