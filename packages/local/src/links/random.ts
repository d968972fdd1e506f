/** A source of chance: numbers from 0 (included) to 1 (excluded). Seeded, so that a run can be repeated. */
export type Random = () => number;

/** Spreads a seed's text over 32 bits (FNV-1a), so that near seeds give unrelated sequences. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Mulberry32: 32 bits of state are plenty for faults and catalogs, and it is not for secrets. */
export function createRandom(seed: string | number): Random {
  let state = hashText(String(seed));
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An exponentially distributed number: many small ones, a few large ones, as queueing delays are. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

/** A whole number from `min` to `max`, both included. */
export function integerBetween(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** One of the choices; throws when there are none. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new Error("nothing to pick from");
  return chosen;
}

/** A UUID of version 4 from a source of chance, so that a repeated run makes the same. */
export function randomId(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  hex[12] = "4";
  hex[16] = "89ab"[Math.floor(random() * 4)] ?? "8";
  const text = hex.join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    "-",
  );
}
