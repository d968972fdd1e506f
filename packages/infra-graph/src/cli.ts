/** `npm run graph`: evaluates the infrastructure offline and keeps `graphs/` and `sst-env.d.ts` up to date. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { findStaleFiles, writeOutputs } from "./check/outputs.ts";
import { type Evaluation, EvaluationError, evaluateStage } from "./evaluate.ts";
import { evaluateStages } from "./evaluate-stages.ts";
import { graphToText } from "./format.ts";
import { findDanglingLookups } from "./lookups/dangling.ts";
import { repositoryRoot } from "./repository-root.ts";
import { committedStages, parseStage } from "./stages.ts";

const root = repositoryRoot;

const usage = `npm run graph                           evaluate all stages, write graphs/ and sst-env.d.ts
npm run graph -- --check                fail when the committed files are stale
npm run -s graph -- --stage X --json    print the graph of one stage`;

/** A mistake in how the command was called, in one line. */
class UsageError extends Error {}

interface Command {
  readonly kind: "write" | "check" | "print" | "help";
  readonly stage: string;
}

function parseCommand(args: readonly string[]): Command {
  const options = {
    check: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    stage: { type: "string" },
  } as const;
  let values: { check: boolean; json: boolean; help: boolean; stage?: string };
  try {
    values = parseArgs({ args: args.join() === "help" ? ["--help"] : [...args], options }).values;
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${reason.replace(/\.$/, "")}. Flags: --check, --stage <stage> --json, --help`);
  }
  const { check, json, help, stage = "" } = values;
  if (help) {
    return { kind: "help", stage };
  }
  if (json !== (stage !== "")) {
    throw new UsageError("--stage <stage> and --json go together");
  }
  if (json && check) {
    throw new UsageError("--check compares all stages; leave out --stage and --json");
  }
  if (json && !parseStage(stage)) {
    const known = committedStages().map(({ name }) => name);
    throw new UsageError(
      `unknown stage "${stage}": it is <environment>-<region> or a bare name, such as ${known.join(", ")}`,
    );
  }
  return { kind: json ? "print" : check ? "check" : "write", stage };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function printCounts(evaluations: readonly Evaluation[]): void {
  for (const { graph } of evaluations) {
    console.log(`${graph.stage.padEnd(18)} ${String(graph.resources.length).padStart(4)} resources`);
  }
}

async function evaluateAll(): Promise<Evaluation[]> {
  const startedMs = performance.now();
  const stages = committedStages();
  console.error(`Evaluating ${stages.length} stages …`);
  const evaluations = await evaluateStages(stages, { root }, ({ graph }, ms) => {
    console.error(`  ${graph.stage} in ${seconds(ms)}`);
  });
  const dangling = findDanglingLookups(evaluations.map(({ graph }) => graph));
  if (dangling.length > 0) {
    const lines = dangling.map(
      ({ stage, lookup }) =>
        `${stage}: "${lookup.name}" looks up ${JSON.stringify(lookup.key)} (${lookup.type ?? lookup.token}) in ${lookup.region}, which no stage of its environment creates`,
    );
    throw new Error(lines.join("\n"));
  }
  printCounts(evaluations);
  console.error(`${seconds(performance.now() - startedMs)} in all`);
  return evaluations;
}

/** Hundreds of megabytes, once: only for who has asked for a graph, and has asked well. It says itself why it fails. */
function installPlatform(): boolean {
  const script = path.join(root, "scripts/install-sst.ts");
  return spawnSync(process.execPath, [script], { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

async function run(command: Command): Promise<number> {
  if (command.kind === "help") {
    console.log(usage);
    return 0;
  }
  if (!installPlatform()) return 1;
  if (command.kind === "print") {
    process.stdout.write(graphToText(await evaluateStage(command.stage, { root })));
    return 0;
  }
  const evaluations = await evaluateAll();
  if (command.kind === "write") {
    const changed = writeOutputs(root, evaluations);
    console.log(changed.length === 0 ? "Nothing changed." : `Written: ${changed.join(", ")}`);
    return 0;
  }
  const stale = findStaleFiles(root, evaluations);
  for (const { file, difference } of stale) {
    console.log(`${file} is stale: ${difference} (run "npm run graph")`);
  }
  return stale.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run(parseCommand(process.argv.slice(2)));
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  const expected = error instanceof UsageError || error instanceof EvaluationError;
  console.error(expected ? `antipode: ${text}` : `antipode: the graph could not be made\n${text}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
