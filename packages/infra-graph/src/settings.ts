import { readFileSync } from "node:fs";
import path from "node:path";

/** The account of every committed graph: AWS's own example number, so that no real one is in the repository. */
export const graphAccount = "111122223333";

/** Values for settings that `.env.example` leaves empty, so that the parts behind them are in the graph. */
const defaults: Readonly<Record<string, string>> = { ANTIPODE_DOMAIN: "antipode.example" };

/** `NAME=value` lines of a dotenv file; comments and blank lines are skipped, surrounding quotes removed. */
export function parseEnv(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    const [, name, value = ""] = match ?? [];
    if (name) {
      const quoted = /^(["'])(.*)\1/.exec(value);
      settings[name] = quoted?.[2] ?? value.replace(/(^|\s)#.*$/, "").trim();
    }
  }
  return settings;
}

/**
 * The environment that the infrastructure is evaluated with: `.env.example` of `root` and the defaults above,
 * never the person's own shell, or two people would commit different graphs.
 */
export function evaluationSettings(root: string): Record<string, string> {
  let declared: Record<string, string> = {};
  try {
    declared = parseEnv(readFileSync(path.join(root, ".env.example"), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw error;
    }
  }
  const filled = Object.entries(declared).filter(([, value]) => value !== "");
  return { ...defaults, ...Object.fromEntries(filled) };
}
