import { parseArgs } from "node:util";
import type { EngineName } from "../world/services.ts";
import type { Drill, DrillSize, Sizes } from "./drill.ts";

export interface DrillArguments {
  readonly drill: Drill;
  /** Nothing when none was given: one is drawn and printed. */
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly engine: EngineName;
  readonly sizes: Sizes;
}

export type ParsedArguments =
  | { readonly type: "run"; readonly arguments: DrillArguments }
  | { readonly type: "help" }
  | { readonly type: "error"; readonly error: string };

const engines: readonly EngineName[] = ["embedded", "dynamodb-local"];
/** What a drawn seed stays below, so that it is short to type again. */
export const seedMax = 999_999_999;

const refuse = (error: string): ParsedArguments => ({ type: "error", error });

/** Reads the command line, or says in one line what is wrong with it. */
export function parseDrillArguments(argv: readonly string[], drills: readonly Drill[]): ParsedArguments {
  const [name, ...rest] = argv;
  const names = drills.map((drill) => drill.name);
  if (name === "help" || name === "--help" || name === "-h") return { type: "help" };
  if (name === undefined || name.startsWith("-"))
    return refuse(`which drill? Choose from ${names.join(", ")}`);
  const drill = drills.find((one) => one.name === name);
  if (drill === undefined) return refuse(`unknown drill "${name}": choose from ${names.join(", ")}`);
  const values = readOptions(rest, drill);
  if ("error" in values) return refuse(`${values.error}; usage: ${usageOf(drill)}`);
  if (values["help"] === true) return { type: "help" };
  const engine = engines.find((one) => one === (values["engine"] ?? "embedded"));
  if (engine === undefined) {
    return refuse(`unknown engine "${values["engine"]}": choose from ${engines.join(", ")}`);
  }
  const seed = values["seed"] === undefined ? undefined : readWhole(values["seed"], 0, seedMax);
  if (Number.isNaN(seed))
    return refuse(`--seed takes a whole number up to ${seedMax}, not "${values["seed"]}"`);
  const sizes: Record<string, number> = {};
  for (const { name: size, usual, min, max } of drill.sizes) {
    const given = values[size];
    const number = given === undefined ? usual : readWhole(given, min, max);
    if (Number.isNaN(number)) return refuse(`--${size} takes a number from ${min} to ${max}, not "${given}"`);
    sizes[size] = number;
  }
  return { type: "run", arguments: { drill, seed, json: values["json"] === true, engine, sizes } };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function readOptions(argv: readonly string[], drill: Drill): Values | { readonly error: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        seed: { type: "string" },
        json: { type: "boolean" },
        engine: { type: "string" },
        help: { type: "boolean", short: "h" },
        ...Object.fromEntries(drill.sizes.map(({ name }) => [name, { type: "string" as const }])),
      },
    });
    return values;
  } catch (error) {
    return { error: (error instanceof Error ? error.message : String(error)).split(/\. |\n/)[0] ?? "" };
  }
}

/** Not a number when it is anything but a whole one within the bounds. */
function readWhole(text: string | boolean, min: number, max: number): number {
  const number = typeof text === "string" && /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : Number.NaN;
}

const sizeUsage = ({ name, usual }: DrillSize) => `[--${name} ${usual}]`;

function usageOf(drill: Drill): string {
  const sizes = drill.sizes.map(sizeUsage).join(" ");
  return `npm run -s drill -- ${drill.name} [--seed 7] [--json] [--engine ${engines.join("|")}] ${sizes}`;
}

export function drillHelp(drills: readonly Drill[]): string {
  const about = drills.flatMap((drill) => [
    `${drill.name}: ${drill.summary}`,
    `  ${usageOf(drill)}`,
    ...drill.sizes.map(({ name, what, min, max }) => `  --${name}: ${what}, ${min} to ${max}`),
    "",
  ]);
  return [
    ...about,
    "One seed is one plan of operations and faults; how they interleave on the clock differs from run to run.",
    "Exit 0: every promise was kept. 1: one was broken. 2: the command was wrong. See docs/drills.md.",
  ].join("\n");
}
