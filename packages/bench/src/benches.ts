import type { Bench } from "./bench.ts";
import { callsBench } from "./calls/calls-bench.ts";
import { cartBench } from "./cart/cart-bench.ts";
import { checkoutBench } from "./checkout/checkout-bench.ts";
import { coldBench } from "./function/cold-bench.ts";
import { sizeBench } from "./function/size-bench.ts";
import { warmBench } from "./function/warm-bench.ts";
import { streamBench } from "./stream/stream-bench.ts";

/** In the order in which they run. */
export const benches: readonly Bench[] = [
  sizeBench,
  coldBench,
  warmBench,
  cartBench,
  streamBench,
  callsBench,
  checkoutBench,
];
