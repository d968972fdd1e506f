import {
  availabilityToItem,
  cartToItem,
  cellToItem,
  echoesToItem,
  heartbeatToItem,
  type StoredItem,
  summariseStock,
} from "@antipode/core";
import { createClient, putAll } from "../calls/shop-content.ts";
import { homeOrigin, origins, sampleCells, sampleProductItems, soldSkuAt } from "../store/sample-shop.ts";
import { type Basket, basketItems } from "./requests.ts";

/** SKUs that are sold, one of each product. */
const skuCount = 10;

/** Far more than is sold, so that no region is short. */
const unitsPerRegion = 1_000;

/** One beat of the home region that each other region has heard: it may sell. */
function leaseItems(nowMs: number): readonly StoredItem[] {
  const beat = { origin: homeOrigin, counter: 1, beat: 1, atMs: nowMs, touchedAtMs: nowMs };
  const others = origins.filter((origin) => origin !== homeOrigin);
  return [
    heartbeatToItem({ ...beat, atMsByBeat: new Map() }),
    ...others.map((origin) =>
      echoesToItem({ origin, counter: 1, beatByOrigin: new Map([[homeOrigin, 1]]), touchedAtMs: nowMs }),
    ),
  ];
}

/** A region that sells ten SKUs, and carts that are about to be checked out. */
export async function fillSellingShop(
  endpoint: string,
  nowMs: number,
  baskets: readonly Basket[],
): Promise<void> {
  const client = createClient(endpoint);
  const numbers = Array.from({ length: skuCount }, (_, number) => number);
  const cells = numbers.map((number) => sampleCells(soldSkuAt(number), unitsPerRegion, nowMs));
  await putAll(client, "Control", leaseItems(nowMs));
  await putAll(
    client,
    "Views",
    numbers.flatMap((number) => sampleProductItems(number, nowMs).offers),
  );
  await putAll(
    client,
    "Stock",
    cells.flatMap((ofSku) => [...ofSku.values()].map(cellToItem)),
  );
  await putAll(
    client,
    "Views",
    cells.map((ofSku, number) => availabilityToItem(summariseStock(soldSkuAt(number), ofSku))),
  );
  await putAll(client, "Carts", baskets.flatMap((basket) => basketItems(basket, nowMs)).map(cartToItem));
  client.destroy();
}
