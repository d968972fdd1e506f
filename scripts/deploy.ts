/** `npm run deploy -- <environment> [--from <region>]` */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exitCodes } from "../packages/local/src/cli/exit-codes.ts";
import { deployEnvironment } from "./deploy-environment.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const usage = "usage: npm run deploy -- <environment> [--from <region>]";

function refuse(message: string, exitCode: number = exitCodes.failed): never {
  console.error(`antipode: ${message}`);
  process.exit(exitCode);
}

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { from: { type: "string" }, help: { type: "boolean" } },
    });
    const [environment, ...more] = positionals;
    if (values.help || (environment === "help" && more.length === 0)) {
      console.log(usage);
      process.exit(0);
    }
    if (!environment || more.length > 0) refuse(usage, exitCodes.usage);
    return { environment, ...(values.from === undefined ? {} : { from: values.from }) };
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split(". ");
    refuse(`${message}; ${usage}`, exitCodes.usage);
  }
}

const sst = (stage: string) =>
  new Promise<number>((resolve, reject) => {
    const child = spawn(path.join(root, "node_modules/.bin/sst"), ["deploy", "--stage", stage], {
      cwd: root,
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });

const result = await deployEnvironment(readArguments(), {
  deploy: sst,
  async outputs() {
    return JSON.parse(await readFile(path.join(root, ".sst/outputs.json"), "utf8"));
  },
  async status(url) {
    try {
      return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).status;
    } catch {
      return undefined; // not there yet: the caller waits, and says so when it gives up
    }
  },
  sleep,
  say: (line) => console.log(line),
});
if (!result.ok) refuse(result.error);
console.log(`Deployed: ${result.regions.join(", ")}.`);
