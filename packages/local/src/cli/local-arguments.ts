import { type EngineName, engineNames } from "../world/services.ts";
import { asksForHelp, readOptions, readWhole } from "./options.ts";

export interface LocalArguments {
  /** Control server; `portsFrom` says which ports follow. */
  readonly port: number;
  readonly engine: EngineName;
  /** Seeds chance: the jitter of the links, and what is lost or fails by percentage. */
  readonly seed: number;
  /** How much faster Route 53 and the schedules go than on AWS. */
  readonly timeScale: number;
}

export type ParsedLocalArguments =
  | { readonly type: "run"; readonly arguments: LocalArguments }
  | { readonly type: "help" }
  | { readonly type: "error"; readonly error: string };

export const defaultArguments: LocalArguments = { port: 4100, engine: "embedded", seed: 1, timeScale: 1 };

/** Below are the system's ports; above, those that follow would not fit. */
const portMin = 1024;
const portMax = 65_400;
const seedMax = Number.MAX_SAFE_INTEGER;
/** Beyond, the checkers' requests alone keep a laptop busy, and time-outs become shorter than its hiccups. */
const timeScaleMax = 20;

const forms = {
  port: `a number from ${portMin} to ${portMax}`,
  engine: engineNames.join(" or "),
  seed: "a whole number",
  "time-scale": `a whole number from 1 to ${timeScaleMax}`,
};

const defaults: Readonly<Record<keyof typeof forms, string | number>> = {
  port: defaultArguments.port,
  engine: defaultArguments.engine,
  seed: defaultArguments.seed,
  "time-scale": defaultArguments.timeScale,
};

export const localHelp = `npm run local -- [--port 4100] [--engine ${engineNames.join("|")}] [--seed 1] [--time-scale 1]
  --port: the control server; the APIs follow at +1, the AWS endpoints at +11, the payment sandbox at +21,
    the CDN's edge locations at +31, the name servers at +53, and what names lead to at +80
  --engine: where the tables are; dynamodb-local is Amazon's own and needs Java 17
  --seed: changes chance, the jitter and losses of links
  --time-scale: how much faster the world's time passes than the machine's, up to ${timeScaleMax}
See docs/local-world.md.`;

const refuse = (error: string): ParsedLocalArguments => ({ type: "error", error });

/** Reads the command line, or says in one line what is wrong with it. */
export function parseLocalArguments(argv: readonly string[]): ParsedLocalArguments {
  if (argv[0] === "help" || asksForHelp(argv)) return { type: "help" };
  const options = readOptions(argv, forms);
  if (!options.ok) return refuse(options.error);
  const given = (name: keyof typeof forms) => options.value.get(name) ?? String(defaults[name]);
  const wrong = (name: keyof typeof forms) => refuse(`--${name} takes ${forms[name]}, not "${given(name)}"`);
  const port = readWhole(given("port"), portMin, portMax);
  if (port === undefined) return wrong("port");
  const engine = engineNames.find((name) => name === given("engine"));
  if (engine === undefined) return wrong("engine");
  const seed = readWhole(given("seed"), 0, seedMax);
  if (seed === undefined) return wrong("seed");
  const timeScale = readWhole(given("time-scale"), 1, timeScaleMax);
  if (timeScale === undefined) return wrong("time-scale");
  return { type: "run", arguments: { port, engine, seed, timeScale } };
}
