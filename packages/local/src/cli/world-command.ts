/** `npm run world -- …` as a function of its words: what it asks the world, what it prints and how it ends. */
import { err, type Result } from "@antipode/core";
import { faultForms } from "../faults/fault.ts";
import { unknownPlace } from "../faults/faults.ts";
import { failableServices, parseFaultCommand } from "../faults/parse.ts";
import type {
  AlarmStatus,
  BackfillOutcome,
  PublishedMessage,
  ReplayOutcome,
  ResolvedName,
  RunOutcome,
  WorldStatus,
} from "../world/status.ts";
import type { Ask, Refusal } from "./ask-world.ts";
import { exitCodes } from "./exit-codes.ts";
import { formatAlarms } from "./format-alarms.ts";
import { formatMessages } from "./format-messages.ts";
import { formatNames } from "./format-names.ts";
import { formatBackfill, formatReplay, formatRun, formatStatus } from "./format-status.ts";
import { invokeUsage, parseInvokeArguments } from "./invoke-arguments.ts";
import { asksForHelp } from "./options.ts";
import { isSteering, steeringForms, steerings } from "./regions/region-words.ts";
import type { Said } from "./said.ts";
import { type SteeringPorts, steerInWorld } from "./steer-in-world.ts";

export interface WorldCommandDeps {
  readonly regions: readonly string[];
  readonly ask: Ask;
  /** How the shop's own API is asked, for what operators do there. */
  readonly shop: SteeringPorts;
}

const forms = {
  status: "status [--json]",
  alarms: "alarms [--json]",
  messages: "messages [--json]",
  dns: "dns <name> [A]",
  run: "run <function> [A]",
  invoke: invokeUsage,
  replay: "replay [A]",
  backfill: "backfill [A] [--force]",
} as const;

const ledgerForm = "pay ledger";

type Command = (words: readonly string[], deps: WorldCommandDeps) => Promise<Said>;

const commands: Readonly<Record<keyof typeof forms, Command>> = {
  status: (words, deps) => shown("status", words, deps, (value) => formatStatus(value as WorldStatus)),
  alarms: (words, deps) => shown("alarms", words, deps, (value) => formatAlarms(value as AlarmStatus[])),
  messages: (words, deps) =>
    shown("messages", words, deps, (value) => formatMessages(value as PublishedMessage[])),
  dns,
  run,
  invoke,
  replay: (words, deps) => inRegions("replay", words, deps),
  backfill: (words, deps) => inRegions("backfill", words, deps),
};

export async function runWorldCommand(argv: readonly string[], deps: WorldCommandDeps): Promise<Said> {
  const [name, ...words] = argv;
  if (name === undefined) return wrong(`which command? Choose from ${names().join(", ")}, help`);
  if (name === "help" || asksForHelp(argv)) return { exitCode: 0, out: help(deps.regions) };
  if (isCommand(name)) return commands[name](words, deps);
  if (isSteering(name)) return steerInWorld(name, words, deps);
  if (name === "pay" && words[0] === "ledger") return ledger(words.slice(1), deps);
  if (!Object.hasOwn(faultForms, name))
    return wrong(`unknown command "${name}": choose from ${names().join(", ")}, help`);
  const fault = parseFaultCommand(argv, deps.regions);
  if ("error" in fault) return wrong(fault.error);
  const answer = await deps.ask("/faults", fault);
  return answer.ok ? done((answer.value as { said: string[] }).said.join("\n")) : refused(answer.error);
}

const names = () => [...Object.keys(forms), ...steerings, ...Object.keys(faultForms)];

const isCommand = (name: string): name is keyof typeof forms => Object.hasOwn(forms, name);

function help(regions: readonly string[]): string {
  const { status: first, ...others } = forms;
  const lines = [
    first,
    ...Object.values(faultForms),
    ledgerForm,
    ...Object.values(others),
    ...Object.values(steeringForms),
  ];
  return [
    "npm run world -- <command>",
    ...lines.map((line) => `  ${line}`),
    "",
    `A and B: ${regions.join(", ")}; of a link also outside (this machine) and payments (the provider).`,
    `Times: 800ms, 2s, 1m, 2h. Services: ${failableServices.join(", ")}. See docs/local-world.md.`,
  ].join("\n");
}

const done = (out: string): Said => ({ exitCode: 0, out });
const wrong = (error: string): Said => ({ exitCode: exitCodes.usage, error });
const refused = ({ usage, text }: Refusal): Said => ({
  exitCode: usage ? exitCodes.usage : exitCodes.failed,
  error: text,
});

/** Printed whole, with what failed in it. */
function told(out: string, outcomes: readonly { readonly error?: string }[]): Said {
  const failed = outcomes.some(({ error }) => error !== undefined);
  return { exitCode: failed ? exitCodes.failed : 0, out };
}

const tooMany = (word: string, form: string) => wrong(`"${word}" is one word too many; usage: ${form}`);

/** What the world says of itself, for people or as JSON. */
async function shown(
  command: "status" | "alarms" | "messages",
  words: readonly string[],
  { ask }: WorldCommandDeps,
  format: (value: unknown) => string,
): Promise<Said> {
  const unknown = words.find((word) => word !== "--json");
  if (unknown !== undefined) return wrong(`"${unknown}" is not understood; usage: ${forms[command]}`);
  const answer = await ask(`/${command}`);
  if (!answer.ok) return refused(answer.error);
  return done(words.includes("--json") ? JSON.stringify(answer.value, null, 2) : format(answer.value));
}

/** A name as clients near a region, or near each, are answered. */
async function dns(words: readonly string[], { ask, regions }: WorldCommandDeps): Promise<Said> {
  const [name, near, extra] = words;
  if (name === undefined) return wrong(`too few words; usage: ${forms.dns}`);
  if (extra !== undefined) return tooMany(extra, forms.dns);
  const where = checkRegion(near, regions);
  if (!where.ok) return wrong(where.error);
  const answer = await ask("/dns", { name, ...(near === undefined ? {} : { near }) });
  if (!answer.ok) return refused(answer.error);
  const answers = answer.value as ResolvedName[];
  const found = answers.every(({ status }) => status === "found");
  return { exitCode: found ? 0 : exitCodes.failed, out: formatNames(answers) };
}

async function ledger([extra]: readonly string[], { ask }: WorldCommandDeps): Promise<Said> {
  if (extra !== undefined) return tooMany(extra, ledgerForm);
  const answer = await ask("/payments/ledger");
  return answer.ok ? done(JSON.stringify(answer.value, null, 2)) : refused(answer.error);
}

/** A command's region, if it names one: all regions are meant when it does not. */
function checkRegion(region: string | undefined, regions: readonly string[]): Result<object, string> {
  if (region === undefined) return { ok: true, value: {} };
  return regions.includes(region)
    ? { ok: true, value: { region } }
    : err(unknownPlace("region", region, regions));
}

/** Runs a scheduled function now. Which there are, the world knows: it names them when it refuses. */
async function run(words: readonly string[], { ask, regions }: WorldCommandDeps): Promise<Said> {
  const [name, region, extra] = words;
  if (name === undefined) return wrong(`too few words; usage: ${forms.run}`);
  if (extra !== undefined) return tooMany(extra, forms.run);
  const where = checkRegion(region, regions);
  if (!where.ok) return wrong(where.error);
  const answer = await ask("/run", { function: name, ...where.value });
  if (!answer.ok) return refused(answer.error);
  const outcomes = answer.value as RunOutcome[];
  return told(formatRun(outcomes), outcomes);
}

/** Invokes any function of one region. Its answer is printed as JSON, for people and for programs. */
async function invoke(words: readonly string[], { ask, regions }: WorldCommandDeps): Promise<Said> {
  const asked = parseInvokeArguments(words, regions);
  if ("error" in asked) return wrong(asked.error);
  const answer = await ask("/invoke", asked);
  if (!answer.ok) return refused(answer.error);
  const { region, error, answer: value } = answer.value as RunOutcome;
  return error === undefined
    ? done(JSON.stringify(value))
    : { exitCode: exitCodes.failed, error: `${asked.function} in ${region} failed: ${error}` };
}

async function inRegions(
  command: "replay" | "backfill",
  words: readonly string[],
  { ask, regions }: WorldCommandDeps,
): Promise<Said> {
  const force = command === "backfill" && words.includes("--force");
  const [region, extra] = force ? words.filter((word) => word !== "--force") : words;
  if (extra !== undefined) return tooMany(extra, forms[command]);
  const where = checkRegion(region, regions);
  if (!where.ok) return wrong(where.error);
  const answer = await ask(`/${command}`, { ...where.value, ...(force ? { force } : {}) });
  if (!answer.ok) return refused(answer.error);
  const outcomes = answer.value as (ReplayOutcome | BackfillOutcome)[];
  return told(command === "replay" ? formatReplay(outcomes) : formatBackfill(outcomes), outcomes);
}
