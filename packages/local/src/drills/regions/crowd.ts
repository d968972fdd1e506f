import { createRandom } from "../../links/random.ts";
import type { NameAnswer } from "./ask-name.ts";
import type { SentRequest } from "./history.ts";
import { createNameClient } from "./name-client.ts";
import { createResolver } from "./resolver.ts";
import { type Mall, shop } from "./shopper.ts";

export interface CrowdOptions {
  readonly seed: string;
  /** How a client near a region asks for the shop's name. */
  readonly ask: (near: string) => Promise<NameAnswer | undefined>;
  readonly record: (request: SentRequest) => void;
}

/** Shoppers, each with a resolver of its own, until the mall is stopped. */
export interface Crowd {
  bring(near: string, count: number): void;
  /** Resolves when all have gone, and rejects when one of them could not. */
  gone(): Promise<void>;
}

export function startCrowd(mall: Mall, { seed, ask, record }: CrowdOptions): Crowd {
  const { time, isStopped } = mall;
  const shopping: Promise<void>[] = [];
  const bring = (near: string) => {
    const name = `shopper ${shopping.length + 1} near ${near}`;
    const resolver = createResolver({ time, ask: () => ask(near) });
    const names = createNameClient({ shopper: name, near, resolver, time, record, isStopped });
    const gone = shop(mall, names, { name, random: createRandom(`${seed} ${name}`) });
    gone.catch(() => {}); // told to who waits for all
    shopping.push(gone);
  };
  return {
    bring(near, count) {
      for (let left = count; left > 0; left -= 1) bring(near);
    },
    async gone() {
      await Promise.all(shopping);
    },
  };
}
