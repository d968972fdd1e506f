/** `npm run world -- <command>`: asks or tells the world that `npm run local` keeps running. */

import { regions as regionEntries } from "@antipode/core";
import { faultForms } from "../faults/fault.ts";
import { parseFaultCommand } from "../faults/parse.ts";
import { readWorldState } from "../world/state-file.ts";
import type { BackfillOutcome, ReplayOutcome, RunOutcome, WorldStatus } from "../world/status.ts";
import { formatBackfill, formatReplay, formatRun, formatStatus } from "./format-status.ts";
import { invokeUsage, parseInvokeArguments } from "./invoke-arguments.ts";
import { root } from "./root.ts";

const regions: readonly string[] = regionEntries.map((region) => region.name);
const usage = [
  "status [--json]",
  ...Object.values(faultForms),
  "pay ledger",
  "run <function> [A]",
  invokeUsage,
  "replay [A]",
  "backfill [A] [--force]",
];

const places = `A and B: ${regions.join(", ")}; of a link also outside (this machine) and payments (the provider). Services: dynamodb, s3, lambda. See docs/local-world.md.`;

function refuse(message: string): never {
  console.error(`antipode: ${message}`);
  process.exit(1);
}

async function call(path: string, body?: unknown): Promise<unknown> {
  const state = readWorldState(root);
  if (!state) refuse(`no world is running: start one with "npm run local"`);
  let response: Response;
  try {
    response = await fetch(`${state.control}${path}`, {
      ...(body !== undefined && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
  } catch {
    refuse(`no world answers at ${state.control}: start one with "npm run local"`);
  }
  const answer: unknown = await response.json();
  if (!response.ok) {
    const error =
      typeof answer === "object" && answer !== null && "error" in answer ? answer.error : response.status;
    refuse(String(error));
  }
  return answer;
}

function requireRegion(region: string | undefined): void {
  if (region === undefined || regions.includes(region)) return;
  refuse(`unknown region "${region}": choose from ${regions.join(", ")}`);
}

/** For a command that takes one region, or all of them when none is named. */
async function callInRegions(command: "replay" | "backfill", words: readonly string[]) {
  const force = command === "backfill" && words.includes("--force");
  const [region, ...more] = force ? words.filter((word) => word !== "--force") : words;
  if (more.length > 0) refuse(`usage: ${usage.find((line) => line.startsWith(command))}`);
  requireRegion(region);
  const outcomes = await call(`/${command}`, {
    ...(region === undefined ? {} : { region }),
    ...(force ? { force } : {}),
  });
  return outcomes as (ReplayOutcome | BackfillOutcome)[];
}

/** Runs a scheduled function now. Which there are, the world knows: it names them when it refuses. */
async function runScheduled(words: readonly string[]): Promise<void> {
  const [name, region, ...more] = words;
  if (name === undefined || more.length > 0) refuse("usage: run <function> [A]");
  requireRegion(region);
  const body = { function: name, ...(region === undefined ? {} : { region }) };
  const outcomes = (await call("/run", body)) as RunOutcome[];
  console.log(formatRun(outcomes));
  if (outcomes.some((outcome) => outcome.error !== undefined)) process.exitCode = 1;
}

/** Invokes any function of one region. Its answer is printed as JSON, for people and for programs. */
async function invoke(words: readonly string[]): Promise<void> {
  const asked = parseInvokeArguments(words, regions);
  if ("error" in asked) refuse(asked.error);
  const outcome = (await call("/invoke", asked)) as RunOutcome;
  if (outcome.error !== undefined) refuse(`${asked.function} in ${outcome.region} failed: ${outcome.error}`);
  console.log(JSON.stringify(outcome.answer));
}

async function main(argv: readonly string[]): Promise<void> {
  const [command, ...rest] = argv;
  if (command === undefined || command === "help" || command === "--help" || command === "-h") {
    console.log(["npm run world -- <command>", ...usage.map((line) => `  ${line}`), "", places].join("\n"));
    process.exit(command === undefined ? 1 : 0);
  }
  if (command === "status") {
    const unknown = rest.find((word) => word !== "--json");
    if (unknown !== undefined) refuse(`"${unknown}" is not understood; usage: status [--json]`);
    const status = (await call("/status")) as WorldStatus;
    console.log(rest.includes("--json") ? JSON.stringify(status, null, 2) : formatStatus(status));
    return;
  }
  if (command === "run") return runScheduled(rest);
  if (command === "invoke") return invoke(rest);
  if (command === "pay" && rest.join(" ") === "ledger") {
    console.log(JSON.stringify(await call("/payments/ledger"), null, 2));
    return;
  }
  if (command === "replay" || command === "backfill") {
    const outcomes = await callInRegions(command, rest);
    console.log(
      command === "replay"
        ? formatReplay(outcomes as ReplayOutcome[])
        : formatBackfill(outcomes as BackfillOutcome[]),
    );
    if (outcomes.some((outcome) => outcome.error !== undefined)) process.exitCode = 1;
    return;
  }
  if (!Object.hasOwn(faultForms, command)) {
    const commands = ["status", "run", "invoke", "replay", "backfill", ...Object.keys(faultForms)];
    refuse(`unknown command "${command}": choose from ${commands.join(", ")}`);
  }
  const fault = parseFaultCommand(argv, regions);
  if ("error" in fault) refuse(fault.error);
  const { said } = (await call("/faults", fault)) as { said: string[] };
  console.log(said.join("\n"));
}

await main(process.argv.slice(2));
