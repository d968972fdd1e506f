import { concurrentCarts } from "./concurrent-carts/concurrent-carts.ts";
import type { Drill } from "./drill.ts";
import { flashSale } from "./flash-sale/flash-sale.ts";
import { priceConflict } from "./price-conflict/price-conflict.ts";
import { regionLoss } from "./regions/region-loss.ts";
import { twoCheckouts } from "./two-checkouts/two-checkouts.ts";

export const drills: readonly Drill[] = [concurrentCarts, priceConflict, flashSale, twoCheckouts, regionLoss];
