/** Words that stand for the names in a pattern's braces. */
export type Fills = Readonly<Record<string, string>>;

const namePattern = /\{([a-z]+)\}/g;

/** `a` before a word that begins with a vowel's sound; `USB` does not. */
const articlePattern = /\b([Aa]) (?=[AEIOaeiou])/g;

/** The names in braces, each once, in order. */
export function patternNames(pattern: string): readonly string[] {
  return [...new Set([...pattern.matchAll(namePattern)].map(([, name = ""]) => name))];
}

function fill(pattern: string, wordFor: (name: string) => string): string {
  return pattern.replaceAll(namePattern, (_, name: string) => wordFor(name));
}

/** `{brand} {style} Sweater` as `Marlowe Knit Cable-Knit Sweater`. Throws on a name without a word: a bug in the lists. */
export function fillTitle(pattern: string, fills: Fills): string {
  return fill(pattern, (name) => capitalise(wordOf(fills, name)));
}

/** Words as they are, `a` or `an` as the next one asks, the sentence's first letter large. */
export function fillSentence(pattern: string, fills: Fills): string {
  const text = fill(pattern, (name) => wordOf(fills, name)).replaceAll(articlePattern, "$1n ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wordOf(fills: Fills, name: string): string {
  const word = fills[name];
  if (word === undefined) throw new Error(`no word for {${name}}`);
  return word;
}

const small = new Set(["at", "of", "the", "and", "with", "for"]);

/** `city at night` as `City at Night`, `two-handle` as `Two-Handle`. */
function capitalise(words: string): string {
  return words.replaceAll(/[^\s-]+/g, (word) =>
    small.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1),
  );
}

/** Every combination of the lists' words. */
export function combinations(lists: Readonly<Record<string, readonly string[]>>): readonly Fills[] {
  let combined: Fills[] = [{}];
  for (const [name, words] of Object.entries(lists)) {
    combined = combined.flatMap((fills) => words.map((word) => ({ ...fills, [name]: word })));
  }
  return combined;
}
