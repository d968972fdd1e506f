import { parseArgs } from "node:util";

export interface BenchArguments {
  readonly json: boolean;
  /** Only benches whose name contains this. */
  readonly only: string;
}

export const benchUsage = "usage: npm run -s bench -- [--json] [--only <part of a bench's name>]";

/** Reads the command line, or says in one line what is wrong with it. */
export function parseBenchArguments(
  argv: readonly string[],
  names: readonly string[],
): BenchArguments | { readonly help: string } | { readonly error: string } {
  if (argv.length === 1 && (argv[0] === "--help" || argv[0] === "help")) {
    return { help: `${benchUsage}\nbenches: ${names.join(", ")}` };
  }
  let values: { json?: boolean; only?: string };
  try {
    const options = { json: { type: "boolean" }, only: { type: "string" } } as const;
    ({ values } = parseArgs({ args: [...argv], options }));
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split(". ");
    return { error: `${message}; ${benchUsage}` };
  }
  const only = values.only ?? "";
  return names.some((name) => name.includes(only))
    ? { json: values.json ?? false, only }
    : { error: `no bench is named like "${only}": there are ${names.join(", ")}` };
}
