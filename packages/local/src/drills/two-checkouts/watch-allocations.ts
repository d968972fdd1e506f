import { isOrderId } from "@antipode/core";
import type { AttributeValue, Item } from "../../engine/item-change.ts";
import type { World } from "../../world/world.ts";
import { cartOf } from "../checkout/order-ids.ts";

export interface AllocationWatch {
  /** Units of these carts' allocations that were held and are released by now. */
  releasedUnits(carts: ReadonlySet<string>): number;
  stop(): void;
}

/**
 * Follows what regions write about allocations: no answer of the API says what a placement held that has lost. It makes a
 * figure of the report, and decides nothing.
 */
export function watchAllocations(dynamo: World["dynamo"]): AllocationWatch {
  const released = new Map<string, { readonly cart: string; readonly units: number }>();
  const stop = dynamo.onChange(({ region, writtenIn, key, newImage }) => {
    const [pk = "", sk = ""] = [textOf(key["pk"]), textOf(key["sk"])];
    if (region !== writtenIn || !sk.startsWith("ALLOC#") || textOf(newImage?.["state"]) !== "released")
      return;
    const id = pk.slice("ORDER#".length);
    if (isOrderId(id)) released.set(`${pk} ${sk}`, { cart: cartOf(id), units: unitsIn(newImage) });
  });
  return {
    releasedUnits: (carts) =>
      [...released.values()].filter(({ cart }) => carts.has(cart)).reduce((sum, { units }) => sum + units, 0),
    stop,
  };
}

const textOf = (value: AttributeValue | undefined): string =>
  value !== undefined && "S" in value ? value.S : "";

function unitsIn(item: Item | undefined): number {
  const parts = item?.["units"];
  if (parts === undefined || !("L" in parts)) return 0;
  return parts.L.reduce((sum, part) => {
    const units = "M" in part ? part.M["units"] : undefined;
    return sum + (units !== undefined && "N" in units ? Number(units.N) : 0);
  }, 0);
}
