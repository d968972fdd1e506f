import { setTimeout as sleep } from "node:timers/promises";
import { vectorToText } from "@antipode/core";
import { eachLimited } from "../limited.ts";
import type { FieldView } from "./history.ts";
import { conflictOf, fieldValue, type ProductClient, readFeed, readProduct } from "./product-client.ts";

/** Views are rebuilt within a second or two of healing; what takes this long does not converge. */
const convergeWithinMs = 30_000;
const lookEveryMs = 20;
const readsAtOnceMax = 4;

/** What every region says of a product when it no longer changes. */
export interface ProductEnd {
  readonly id: string;
  viewsOf(field: string): readonly FieldView[];
}

export interface SettleOptions {
  readonly regions: readonly string[];
  readonly client: ProductClient;
  /** Resolves when all that was written has been delivered and handled. */
  readonly settled: () => Promise<void>;
}

/** Waits until every region shows the same version of each product, and then reads the feeds. */
export async function awaitConvergence(
  ids: readonly string[],
  { regions, client, settled }: SettleOptions,
): Promise<{ readonly ends: readonly ProductEnd[]; readonly tookMs: number }> {
  const startedMs = performance.now();
  await settled();
  const seen = await eachLimited(ids, readsAtOnceMax, (id) => lastSights(id, startedMs, { regions, client }));
  const tookMs = Math.round(performance.now() - startedMs);
  const feeds = new Map(
    await Promise.all(regions.map(async (region) => [region, await readFeed(client, region)] as const)),
  );
  const ends = seen.map(({ id, sights }) => ({
    id,
    viewsOf: (field: string) =>
      sights.map(({ region, product, sight }) => ({
        region,
        vector: sight.vector,
        value: fieldValue(product, field),
        conflict: conflictOf(product, field),
        fed: (feeds.get(region) ?? []).filter((one) => one.product === id && one.field === field),
      })),
  }));
  return { ends, tookMs };
}

async function lastSights(
  id: string,
  startedMs: number,
  { regions, client }: Pick<SettleOptions, "regions" | "client">,
) {
  while (true) {
    const sights = await Promise.all(
      regions.map(async (region) => ({
        region,
        ...(await readProduct(client, region, { id, barrier: true })),
      })),
    );
    const agreed = new Set(sights.map(({ sight }) => vectorToText(sight.vector))).size === 1;
    if (agreed || performance.now() - startedMs > convergeWithinMs) return { id, sights };
    await sleep(lookEveryMs);
  }
}
