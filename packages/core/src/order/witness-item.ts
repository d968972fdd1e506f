import type { OrderId } from "../ids/order-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import type { ItemKey, ItemNotUnderstood, StoredItem } from "../items/item.ts";
import type { Result } from "../result/result.ts";
import type { Allocated } from "../stock/allocated.ts";
import { unitsForm, unitsToValue } from "./alloc-item.ts";
import { countForm, idForm, readItem, timeForm } from "./item-reader.ts";
import { orderPartition, type Placement, placementAttributes, readPlacement } from "./placed-item.ts";

/** A second region's own copy of a placement and its units: it outlives the region that placed it. */
export interface Witness {
  readonly witness: Origin;
  readonly placement: Placement;
  readonly units: readonly Allocated[];
}

/** One witness's copy: a region is the witness of one placement of an order. */
function witnessKey(id: OrderId, witness: Origin): ItemKey {
  return { pk: orderPartition(id), sk: `WITNESS#${witness}` };
}

/** Reads a witness: nobody is the witness of its own placement. */
export function itemToWitness(item: StoredItem): Result<Witness, ItemNotUnderstood> {
  return readItem(item, "WITNESS", (reader, { orderId, origin: witness }) => {
    reader.one("v", "1, since it is written once", countForm(1, 1));
    reader.one("touchedAt", "a time in ms", timeForm);
    const placedBy = reader.one("placement", "the origin of another's placement", (value) =>
      value === witness ? undefined : idForm(isOrigin)(value),
    );
    const units = reader.one("units", "units in cells", unitsForm);
    return { witness, placement: readPlacement(reader, orderId, placedBy), units };
  });
}

/** Writes what `itemToWitness` reads. */
export function witnessToItem({ witness, placement, units }: Witness, touchedAtMs: number): StoredItem {
  return {
    ...witnessKey(placement.orderId, witness),
    v: 1,
    placement: placement.origin,
    ...placementAttributes(placement),
    units: unitsToValue(units),
    touchedAt: touchedAtMs,
  };
}
