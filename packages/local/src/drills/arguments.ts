import { asksForHelp, type OptionForms, readOptions, readWhole } from "../cli/options.ts";
import { type EngineName, engineNames } from "../world/services.ts";
import type { Drill, DrillSize, Sizes } from "./drill.ts";

export interface DrillArguments {
  readonly drill: Drill;
  /** Nothing when none was given: one is drawn and printed. */
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly engine: EngineName;
  /** Where what functions write is kept; it goes with the world when left out. */
  readonly logsDir: string | undefined;
  readonly sizes: Sizes;
}

export type ParsedArguments =
  | { readonly type: "run"; readonly arguments: DrillArguments }
  | { readonly type: "help" }
  | { readonly type: "error"; readonly error: string };

/** What a drawn seed stays below, so that it is short to type again. */
export const seedMax = 999_999_999;

const refuse = (error: string): ParsedArguments => ({ type: "error", error });

/** Reads the command line, or says in one line what is wrong with it. */
export function parseDrillArguments(argv: readonly string[], drills: readonly Drill[]): ParsedArguments {
  const [name, ...rest] = argv;
  const names = drills.map((drill) => drill.name);
  if (name === "help" || asksForHelp(argv)) return { type: "help" };
  if (name === undefined || name.startsWith("-"))
    return refuse(`which drill? Choose from ${names.join(", ")}`);
  const drill = drills.find((one) => one.name === name);
  if (drill === undefined) return refuse(`unknown drill "${name}": choose from ${names.join(", ")}`);
  const forms = formsOf(drill);
  const options = readOptions(rest, forms);
  if (!options.ok) return refuse(options.error);
  const given = options.value;
  const wrong = (option: string) => refuse(`--${option} takes ${forms[option]}, not "${given.get(option)}"`);
  const engine = engineNames.find((one) => one === (given.get("engine") ?? "embedded"));
  if (engine === undefined) return wrong("engine");
  const seedText = given.get("seed");
  const seed = seedText === undefined ? undefined : readWhole(seedText, 0, seedMax);
  if (seedText !== undefined && seed === undefined) return wrong("seed");
  const sizes: Record<string, number> = {};
  for (const { name: size, usual, min, max } of drill.sizes) {
    const number = readWhole(given.get(size) ?? String(usual), min, max);
    if (number === undefined) return wrong(size);
    sizes[size] = number;
  }
  return {
    type: "run",
    arguments: { drill, seed, json: given.has("json"), engine, logsDir: given.get("logs"), sizes },
  };
}

function formsOf(drill: Drill): OptionForms {
  return {
    seed: `a whole number up to ${seedMax}`,
    json: undefined,
    engine: engineNames.join(" or "),
    logs: "a folder",
    ...Object.fromEntries(drill.sizes.map(({ name, min, max }) => [name, `a number from ${min} to ${max}`])),
  };
}

const sizeUsage = ({ name, usual }: DrillSize) => `[--${name} ${usual}]`;

function usageOf(drill: Drill): string {
  const sizes = drill.sizes.map(sizeUsage).join(" ");
  return `npm run -s drill -- ${drill.name} [--seed 7] [--json] [--engine ${engineNames.join("|")}] [--logs folder] ${sizes}`;
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
    "--logs keeps what functions write, a file for each in a folder for each region.",
    "One seed is one plan of operations and faults; how they interleave on the clock differs from run to run.",
    "Exit 0: every promise was kept. 1: one was broken. 2: the command was wrong. See docs/drills.md.",
  ].join("\n");
}
