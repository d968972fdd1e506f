import { setTimeout as sleep } from "node:timers/promises";
import { vectorToText } from "@antipode/core";
import { eachLimited } from "../limited.ts";
import { type ClientOptions, type OpenCart, readCart } from "./cart-client.ts";
import type { CartEnd } from "./history.ts";

/** Healed links drain within a second or two; what takes this long does not converge. */
const convergeWithinMs = 30_000;
/** Between two looks at the carts that still differ. */
const lookEveryMs = 20;
const readsAtOnceMax = 8;

export interface Convergence {
  readonly ends: readonly CartEnd[];
  readonly tookMs: number;
  readonly converged: boolean;
}

/** Reads every cart in every region, over and over, until all regions say the same of each. */
export async function awaitConvergence(
  carts: readonly OpenCart[],
  regions: readonly string[],
  options: Omit<ClientOptions, "operationId">,
): Promise<Convergence> {
  const startedMs = performance.now();
  const settled: CartEnd[] = [];
  let open = carts;
  while (true) {
    const read = await eachLimited(open, readsAtOnceMax, async (cart) => ({
      cart,
      ends: await Promise.all(regions.map((region) => endIn(cart, region, options))),
    }));
    const apart = read.filter(({ ends }) => !agree(ends));
    settled.push(...read.filter((one) => !apart.includes(one)).flatMap(({ ends }) => present(ends)));
    const tookMs = Math.round(performance.now() - startedMs);
    if (apart.length === 0) return { ends: settled, tookMs, converged: true };
    if (tookMs > convergeWithinMs) {
      return { ends: [...settled, ...apart.flatMap(({ ends }) => present(ends))], tookMs, converged: false };
    }
    open = apart.map(({ cart }) => cart);
    await sleep(lookEveryMs);
  }
}

async function endIn(
  cart: OpenCart,
  region: string,
  options: Omit<ClientOptions, "operationId">,
): Promise<CartEnd | undefined> {
  const sight = await readCart(cart, region, options);
  return sight && { cart: sight.cart, region, vector: sight.vector, lines: sight.lines };
}

const present = (ends: readonly (CartEnd | undefined)[]) => ends.filter((end) => end !== undefined);

function agree(ends: readonly (CartEnd | undefined)[]): boolean {
  return (
    ends.every((end) => end !== undefined) &&
    new Set(ends.map(({ vector }) => vectorToText(vector))).size === 1
  );
}
