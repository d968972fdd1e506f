import { concurrentCarts } from "./concurrent-carts/concurrent-carts.ts";
import type { Drill } from "./drill.ts";
import { priceConflict } from "./price-conflict/price-conflict.ts";

export const drills: readonly Drill[] = [concurrentCarts, priceConflict];
