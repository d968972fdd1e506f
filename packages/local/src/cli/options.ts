/** Options of a command line, refused in the words of the command: `--carts takes a number from 1 to 96, not "-3"`. */
import { err, ok, type Result } from "@antipode/core";

/** What each option takes, as a refusal says it; nothing for one that takes no value. */
export type OptionForms = Readonly<Record<string, string | undefined>>;

/** By name, without dashes; empty for one that takes no value. */
export type OptionValues = ReadonlyMap<string, string>;

export function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((word) => word === "--help" || word === "-h");
}

/** Reads `--name value` and `--name=value`, or says in one line what is wrong and what is allowed. */
export function readOptions(argv: readonly string[], forms: OptionForms): Result<OptionValues, string> {
  const values = new Map<string, string>();
  const words = argv.values();
  for (const word of words) {
    const [, name = "", attached] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!Object.hasOwn(forms, name)) return err(unknownWord(word, forms));
    const form = forms[name];
    if (form === undefined) {
      if (attached !== undefined) return err(`--${name} takes no value, not "${attached}" either`);
      values.set(name, "");
      continue;
    }
    const value = attached ?? words.next().value ?? "";
    if (value === "" || (attached === undefined && value.startsWith("--")))
      return err(`--${name} takes ${form}, and none is given`);
    values.set(name, value);
  }
  return ok(values);
}

function unknownWord(word: string, forms: OptionForms): string {
  const kind = word.startsWith("-") ? "option" : "word";
  const choice = Object.keys(forms).map((name) => `--${name}`);
  return `unknown ${kind} "${word}": choose from ${choice.join(", ")}`;
}

/** The value of an option that takes a whole number within bounds; nothing when it is anything else. */
export function readWhole(text: string, min: number, max: number): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}
