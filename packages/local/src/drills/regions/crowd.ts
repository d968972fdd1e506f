import { createRandom } from "../../links/random.ts";
import type { NameAnswer } from "./ask-name.ts";
import type { SentRequest } from "./history.ts";
import { createNameClient } from "./name-client.ts";
import { createResolver } from "./resolver.ts";
import { type Mall, shop } from "./shopper.ts";

export interface CrowdOptions {
  readonly regions: readonly string[];
  /** Shoppers near each region. */
  readonly each: number;
  readonly seed: string;
  /** How a client near a region asks for the shop's name. */
  readonly ask: (near: string) => Promise<NameAnswer | undefined>;
  readonly record: (request: SentRequest) => void;
}

/** Shoppers near every region, each with a resolver of its own, until the mall is stopped. */
export async function startCrowd(
  mall: Mall,
  { regions, each, seed, ask, record }: CrowdOptions,
): Promise<void> {
  const { time, isStopped } = mall;
  const shoppers = regions.flatMap((near) =>
    Array.from({ length: each }, (_, index) => ({ near, name: `shopper ${index + 1} near ${near}` })),
  );
  await Promise.all(
    shoppers.map(({ near, name }) => {
      const resolver = createResolver({ time, ask: () => ask(near) });
      const names = createNameClient({ shopper: name, near, resolver, time, record, isStopped });
      return shop(mall, names, { name, random: createRandom(`${seed} ${name}`) });
    }),
  );
}
