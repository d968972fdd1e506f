import { concurrentCarts } from "./concurrent-carts/concurrent-carts.ts";
import type { Drill } from "./drill.ts";
import { flashSale } from "./flash-sale/flash-sale.ts";
import { priceConflict } from "./price-conflict/price-conflict.ts";
import { controlPlaneDown } from "./regions/control-plane-down.ts";
import { failback } from "./regions/failback.ts";
import { flapping } from "./regions/flapping.ts";
import { grayFailure } from "./regions/gray-failure.ts";
import { operatorDrain } from "./regions/operator-drain.ts";
import { partition } from "./regions/partition.ts";
import { regionLoss } from "./regions/region-loss.ts";
import { replicationPause } from "./regions/replication-pause.ts";
import { twoCheckouts } from "./two-checkouts/two-checkouts.ts";

export const drills: readonly Drill[] = [
  concurrentCarts,
  priceConflict,
  flashSale,
  twoCheckouts,
  regionLoss,
  partition,
  operatorDrain,
  flapping,
  replicationPause,
  grayFailure,
  controlPlaneDown,
  failback,
];
