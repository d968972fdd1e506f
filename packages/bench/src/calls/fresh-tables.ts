import { type MeteredStore, meterStore } from "./meter.ts";
import { startTables } from "./shop-content.ts";
import type { Trail } from "./trail.ts";

/** Fills the shop's tables on a new engine and meters what is done with them. */
export async function onFreshTables<T>(
  fill: (endpoint: string) => Promise<void>,
  work: (store: MeteredStore, endpoint: string) => Promise<T>,
  trail?: Trail,
): Promise<T> {
  const dynamo = await startTables();
  try {
    await fill(dynamo.endpoint);
    const store = await meterStore(dynamo.endpoint, trail);
    try {
      return await work(store, dynamo.endpoint);
    } finally {
      await store.close();
    }
  } finally {
    await dynamo.close();
  }
}
