import { type EngineName, engineNames } from "../world/services.ts";
import { asksForHelp, readOptions, readWhole } from "./options.ts";

export interface LocalArguments {
  /** Control server; `portsFrom` says which ports follow. */
  readonly port: number;
  readonly engine: EngineName;
  /** Seeds chance: the jitter of the links, and what is lost or fails by percentage. */
  readonly seed: number;
}

export type ParsedLocalArguments =
  | { readonly type: "run"; readonly arguments: LocalArguments }
  | { readonly type: "help" }
  | { readonly type: "error"; readonly error: string };

export const defaultArguments: LocalArguments = { port: 4100, engine: "embedded", seed: 1 };

/** Below are the system's ports; above, those that follow would not fit. */
const portMin = 1024;
const portMax = 65_500;
const seedMax = Number.MAX_SAFE_INTEGER;

const forms = {
  port: `a number from ${portMin} to ${portMax}`,
  engine: engineNames.join(" or "),
  seed: "a whole number",
};

export const localHelp = `npm run local -- [--port 4100] [--engine ${engineNames.join("|")}] [--seed 1]
  --port: the control server; the APIs follow at +1, the AWS endpoints at +11, the payment sandbox at +21
  --engine: where the tables are; dynamodb-local is Amazon's own and needs Java 17
  --seed: changes chance, the jitter and losses of links
See docs/local-world.md.`;

const refuse = (error: string): ParsedLocalArguments => ({ type: "error", error });

/** Reads the command line, or says in one line what is wrong with it. */
export function parseLocalArguments(argv: readonly string[]): ParsedLocalArguments {
  if (argv[0] === "help" || asksForHelp(argv)) return { type: "help" };
  const options = readOptions(argv, forms);
  if (!options.ok) return refuse(options.error);
  const given = (name: keyof typeof forms) => options.value.get(name) ?? String(defaultArguments[name]);
  const wrong = (name: keyof typeof forms) => refuse(`--${name} takes ${forms[name]}, not "${given(name)}"`);
  const port = readWhole(given("port"), portMin, portMax);
  if (port === undefined) return wrong("port");
  const engine = engineNames.find((name) => name === given("engine"));
  if (engine === undefined) return wrong("engine");
  const seed = readWhole(given("seed"), 0, seedMax);
  return seed === undefined ? wrong("seed") : { type: "run", arguments: { port, engine, seed } };
}
