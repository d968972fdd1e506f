/** `npm run drill -- <name>`: brings up its own world, loads it, breaks it, mends it and judges what came of it. */
import path from "node:path";
import { stop as stopBundler } from "esbuild";
import { type DrillArguments, drillHelp, parseDrillArguments, seedMax } from "../drills/arguments.ts";
import { drills } from "../drills/drills.ts";
import { formatReport, reportToJson } from "../drills/format-report.ts";
import { runDrill } from "../drills/run-drill.ts";
import { EngineUnavailableError, requireJava } from "../engine/dynamodb-local/java.ts";
import { GraphError } from "../graph/load.ts";
import { createRandom, integerBetween } from "../links/random.ts";
import { SandboxError } from "../payments/sandbox.ts";
import { BundleError } from "../services/lambda/bundle.ts";
import { startTemporaryWorld } from "../world/temporary-world.ts";
import { exitCodes } from "./exit-codes.ts";

/** Errors that a person can mend: one line says how. Anything else is our bug, and its stack is wanted. */
const expectedErrors = [GraphError, BundleError, EngineUnavailableError, SandboxError];

/** Before there is a world an exit is enough: what was started ends with this process. */
let stop: () => void = () => process.exit(exitCodes.interrupted);
process.on("SIGINT", () => stop());
process.on("SIGTERM", () => stop());
process.on("SIGHUP", () => stop());

async function main({ drill, seed: given, json, engine, logsDir, sizes }: DrillArguments): Promise<void> {
  const seed = given ?? integerBetween(createRandom(`${process.pid} ${Date.now()}`), 1, seedMax);
  const say = (line: string) => {
    if (!json || process.stderr.isTTY) process.stderr.write(`${line}\n`);
  };
  say(`${drill.name}, seed ${seed}: bringing up four regions`);
  if (engine === "dynamodb-local") requireJava();
  const world = await startTemporaryWorld({
    engine,
    seed,
    timeScale: sizes["time-scale"] ?? 1,
    ...(logsDir !== undefined && { logsDir: path.resolve(logsDir) }),
  });
  await stopBundler();
  let stopping = false;
  stop = () => {
    if (stopping) process.exit(exitCodes.interrupted); // asked twice: at once
    stopping = true;
    say("stopping …");
    world.close().finally(() => process.exit(exitCodes.interrupted));
  };
  try {
    const report = await runDrill(drill, { world, seed, sizes, say });
    if (stopping) return;
    console.log(json ? reportToJson(report) : formatReport(drill, { seed, sizes }, report));
    if (report.broken.length > 0) process.exitCode = exitCodes.failed;
  } catch (error) {
    if (!stopping) throw error; // what runs while the world goes down fails as it may
  } finally {
    if (!stopping) await world.close();
  }
}

const parsed = parseDrillArguments(process.argv.slice(2), drills);
if (parsed.type === "help") {
  console.log(drillHelp(drills));
} else if (parsed.type === "error") {
  console.error(`antipode: ${parsed.error}`);
  process.exitCode = exitCodes.usage;
} else {
  try {
    await main(parsed.arguments);
  } catch (error) {
    if (!expectedErrors.some((kind) => error instanceof kind)) throw error;
    console.error(`antipode: ${(error as Error).message}`);
    process.exitCode = exitCodes.failed;
  }
}
