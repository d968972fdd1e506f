/** A setting of the environment that is one of some words; the first one when it is left out. */
export function readSetting<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
  const value = process.env[name] || words[0];
  const known = words.find((word) => word === value);
  if (known === undefined) {
    throw new Error(`${name} is "${value}": choose from ${words.join(", ")}.`);
  }
  return known;
}
