import { pick, type Random } from "../links/random.ts";

/** A region that was tried is tried again after all the others, and then the client gives up. */
const roundsOfRegions = 2;

/** The regions that a client tries for one operation: the first one first, the others in any order, and all again. */
export function routeFrom(random: Random, regions: readonly string[], first: string): readonly string[] {
  const others = shuffled(
    random,
    regions.filter((region) => region !== first),
  );
  return Array.from({ length: roundsOfRegions }, () => [first, ...others]).flat();
}

/** With this chance an operation is sent again somewhere although it was answered, as by a client that lost the answer. */
export function repeatSometimes(
  random: Random,
  regions: readonly string[],
  share: number,
): { readonly repeatIn?: string } {
  return random() < share ? { repeatIn: pick(random, regions) } : {};
}

export function shuffled<T>(random: Random, values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, order: random() }))
    .toSorted((left, right) => left.order - right.order)
    .map(({ value }) => value);
}
