import { setTimeout as sleep } from "node:timers/promises";
import { cellsIn, type ShopClient } from "../checkout/client.ts";
import type { StockSample } from "./history.ts";

/** Often enough to see most of what a sale's end leaves where; each look costs every region a request. */
const lookEveryMs = 1_000;

export interface StockWatch {
  /** Ends it, and says what was seen. */
  stop(): Promise<readonly StockSample[]>;
}

/** Asks each region over and over what its own cells have to sell. A region that does not answer shows nothing. */
export function watchStock(client: ShopClient, sku: string, regions: readonly string[]): StockWatch {
  const samples: StockSample[] = [];
  let stopped = false;
  const watch = async (region: string) => {
    while (!stopped) {
      const sent = client.sequence();
      const cells = await cellsIn(client, region, sku);
      const at = client.sequence();
      if (cells !== undefined) {
        const home = cells.filter(({ cell }) => cell.startsWith(`${region}#`));
        samples.push({ region, sent, at, available: home.reduce((sum, cell) => sum + cell.available, 0) });
      }
      await sleep(lookEveryMs);
    }
  };
  const watching = Promise.all(regions.map(watch));
  return {
    async stop() {
      stopped = true;
      await watching;
      return samples;
    },
  };
}
