import { spawnSync } from "node:child_process";

/** The engine cannot run on this machine; the message is one line and says what to do. */
export class EngineUnavailableError extends Error {
  override readonly name = "EngineUnavailableError";
}

/** DynamoDB Local 2.x is compiled for this version. */
const javaMajorMin = 17;

/** The major version of the `java` on the path, or undefined when there is none. */
export function javaVersion(command = "java"): number | undefined {
  const { stdout, stderr, status } = spawnSync(command, ["-version"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const major = /version "(\d+)/.exec(`${stderr}${stdout}`)?.[1]; // it prints to stderr
  return major === undefined ? undefined : Number(major);
}

/** Throws `EngineUnavailableError` unless a Java that can run DynamoDB Local is on the path. */
export function requireJava(command = "java"): void {
  const found = javaVersion(command);
  if (found !== undefined && found >= javaMajorMin) return;
  const seen = found === undefined ? "no java was found" : `found Java ${found}`;
  throw new EngineUnavailableError(
    `DynamoDB Local needs Java ${javaMajorMin} or newer (${seen}): install one, for example with "apt install openjdk-17-jre-headless" or "brew install openjdk@17", or use the embedded engine`,
  );
}

/** Why DynamoDB Local cannot run here, or undefined when it can. */
export function whyNoJava(): string | undefined {
  try {
    requireJava();
    return undefined;
  } catch (error) {
    if (error instanceof EngineUnavailableError) return error.message;
    throw error;
  }
}
