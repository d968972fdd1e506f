import { parseArgs } from "node:util";

export interface LocalArguments {
  /** Control server; the APIs follow at +1, +2, …, the AWS endpoints at +11, +12, …. */
  readonly port: number;
  readonly engine: "embedded" | "dynamodb-local";
  /** Seeds chance: the jitter of the links, and what is lost or fails by percentage. */
  readonly seed: number;
}

export const defaultArguments: LocalArguments = { port: 4100, engine: "embedded", seed: 1 };

export const localUsage =
  "usage: npm run local -- [--port 4100] [--engine embedded|dynamodb-local] [--seed 1]";

const engines = ["embedded", "dynamodb-local"] as const;

/** Reads the command line, or says in one line what is wrong with it. */
export function parseLocalArguments(argv: readonly string[]): LocalArguments | { readonly error: string } {
  let values: { port?: string; engine?: string; seed?: string };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { port: { type: "string" }, engine: { type: "string" }, seed: { type: "string" } },
    }));
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split(". ");
    return { error: `${message}; ${localUsage}` };
  }
  const engine = engines.find((name) => name === (values.engine ?? defaultArguments.engine));
  if (engine === undefined)
    return { error: `unknown engine "${values.engine}": choose from ${engines.join(", ")}` };
  const port = Number(values.port ?? defaultArguments.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_500) {
    return { error: `--port takes a number from 1024 to 65500, not "${values.port}"` };
  }
  const seed = Number(values.seed ?? defaultArguments.seed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    return { error: `--seed takes a whole number, not "${values.seed}"` };
  return { port, engine, seed };
}
