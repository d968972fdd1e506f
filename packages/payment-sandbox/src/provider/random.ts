/** Chance from a seed, so that a run of the sandbox can be repeated. */
export interface Chance {
  /** From 0, less than 1. */
  share(): number;
  /** `pi_` and 24 letters and digits, as the provider names its objects. */
  id(prefix: string): string;
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const idChars = 24;

/** mulberry32: small, and good enough for names and shares. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    share,
    id: (prefix) =>
      `${prefix}_${Array.from({ length: idChars }, () => alphabet[Math.floor(share() * alphabet.length)]).join("")}`,
  };
}
