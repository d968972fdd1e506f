import { addUpdate } from "../cart/add.ts";
import { type CartReplicas, replicasOf } from "../cart/cart.ts";
import { cartKey } from "../cart/cart-item.ts";
import type { OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { StoredItem } from "../items/item.ts";
import { orderPartition } from "../order/placed-item.ts";
import { type OrderReplicas, readOrderReplicas } from "../order/replicas.ts";
import { readCart } from "./cart-invariants.ts";
import { at } from "./cart-regions.ts";
import { createFakeItems, type FakeItems } from "./fake-items.ts";
import { lamp, orderCartId, orderOp, orderRegionNames, orderTimeMs } from "./order-data.ts";

/** One region: its own tables, and a clock of its own. */
export interface OrderRegion {
  readonly origin: Origin;
  readonly items: FakeItems;
  readonly skewMs: number;
  /** Items arrive as replication brings them. */
  load(table: ReplicatedTable, items: readonly StoredItem[]): void;
  /** Every item of a table, read again only when something was written or arrived. */
  dump(table: ReplicatedTable): readonly StoredItem[];
  /** Changes with everything that is written or arrives. */
  version(): number;
}

const replicated = ["Orders", "Carts"] as const;
type ReplicatedTable = (typeof replicated)[number];

/** Schedules look at the same tables hundreds of times: what was made of one version is kept. */
function kept<T>(versionOf: () => number, make: () => T): () => T {
  let version = -1;
  let value: T | undefined;
  return () => {
    const now = versionOf();
    if (value === undefined || now !== version) {
      value = make();
      version = now;
    }
    return value;
  };
}

function keptBy<K, T>(versionOf: () => number, make: (key: K) => T): (key: K) => T {
  const makers = new Map<K, () => T>();
  return (key) => {
    const maker = makers.get(key) ?? kept(versionOf, () => make(key));
    makers.set(key, maker);
    return maker();
  };
}

function createRegion(origin: Origin, skewMs: number): OrderRegion {
  const items = createFakeItems(origin);
  let loads = 0;
  const version = () => items.operations.length + loads;
  return {
    origin,
    items,
    skewMs,
    version,
    dump: keptBy(version, (table: ReplicatedTable) => items.dump(table)),
    load(table, arrived) {
      loads += 1;
      items.load(table, arrived);
    },
  };
}

function counterOf(item: StoredItem | undefined): number {
  return typeof item?.["v"] === "number" ? item["v"] : 0;
}

function readOrder(orderId: OrderId, items: readonly StoredItem[]): OrderReplicas {
  const read = readOrderReplicas(orderId, items);
  if (!read.ok) {
    throw new Error(JSON.stringify(read.error));
  }
  return read.value;
}

export const ownItems = (region: OrderRegion, table: ReplicatedTable) =>
  region.dump(table).filter(({ sk }) => sk.includes(`#${region.origin}`));

function createReaders(region: OrderRegion) {
  return {
    order: keptBy(region.version, (orderId: OrderId) => {
      const pk = orderPartition(orderId);
      return readOrder(
        orderId,
        region.dump("Orders").filter((item) => item.pk === pk),
      );
    }),
    cart: kept(region.version, () => replicasOf(region.dump("Carts").map(readCart))),
  };
}

/** Regions with one item each of the cart: each has put something into it. */
export async function createOrderRegions(skewsMs: readonly number[]) {
  const regions = skewsMs.map((skewMs, index) => createRegion(at(orderRegionNames, index), skewMs));
  for (const [index, region] of regions.entries()) {
    const operationId = orderOp(index + 1);
    const line = { cartId: orderCartId, operationId, sku: lamp, quantity: index + 1, nowMs: orderTimeMs };
    await region.items.update("Carts", cartKey(orderCartId, region.origin), addUpdate(line));
  }
  const readers = new Map(regions.map((region) => [region, createReaders(region)]));
  const readersOf = (region: OrderRegion) => readers.get(region) ?? createReaders(region);
  const version = () => regions.reduce((sum, region) => sum + region.version(), 0);

  return {
    regions,
    version,
    region: (index: number) => at(regions, index % regions.length),
    order: (region: OrderRegion, orderId: OrderId): OrderReplicas => readersOf(region).order(orderId),
    cart: (region: OrderRegion): CartReplicas => readersOf(region).cart(),
    /** Items of one region's own arrive at another, those that the mask picks: so half of a transaction, in any order. */
    deliver(from: OrderRegion, to: OrderRegion, picks: (index: number) => boolean): void {
      for (const table of replicated) {
        const there = new Map(to.dump(table).map((item) => [`${item.pk} ${item.sk}`, item]));
        const newer = ownItems(from, table).filter(
          (item, index) => picks(index) && counterOf(item) > counterOf(there.get(`${item.pk} ${item.sk}`)),
        );
        if (newer.length > 0) {
          to.load(table, newer);
        }
      }
    },
    /** The order's items of every region, from where they were written. */
    home: keptBy(version, (orderId: OrderId) => {
      const pk = orderPartition(orderId);
      return readOrder(
        orderId,
        regions.flatMap((region) => ownItems(region, "Orders").filter((item) => item.pk === pk)),
      );
    }),
  };
}

export type OrderRegions = Awaited<ReturnType<typeof createOrderRegions>>;
