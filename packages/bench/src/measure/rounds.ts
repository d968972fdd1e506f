import { median } from "./median.ts";

/** One side of a comparison: `sample` measures it once. */
export interface Contender {
  readonly name: string;
  readonly sample: () => number | Promise<number>;
}

/**
 * Medians by name. Every round samples each contender once, each round beginning with the next one, so that what else
 * the machine does meets all of them alike.
 */
export async function medianByName(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const samplesByName = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < contenders.length; place += 1) {
      const contender = contenders[(round + place) % contenders.length];
      if (contender !== undefined) {
        samplesByName.get(contender.name)?.push(await contender.sample());
      }
    }
  }
  return new Map([...samplesByName].map(([name, samples]) => [name, median(samples)]));
}

/** The measured one's value, and the others' by name. */
export function against(
  name: string,
  medians: ReadonlyMap<string, number>,
): { readonly value: number; readonly peers: ReadonlyMap<string, number> } {
  const value = medians.get(name);
  if (value === undefined) {
    throw new Error(`${name} was not measured`);
  }
  return { value, peers: new Map([...medians].filter(([other]) => other !== name)) };
}
