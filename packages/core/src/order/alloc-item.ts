import { isCellId } from "../ids/cell-id.ts";
import type { OrderId } from "../ids/order-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isSku } from "../ids/product-ids.ts";
import type { ItemKey, ItemNotUnderstood, ItemValue, StoredItem } from "../items/item.ts";
import type { Result } from "../result/result.ts";
import type { Allocated } from "../stock/allocated.ts";
import {
  countForm,
  type Form,
  idForm,
  listForm,
  mapForm,
  readItem,
  timeForm,
  wordForm,
} from "./item-reader.ts";
import { allocationPartsMax, orderLineUnitsMax } from "./limits.ts";
import { orderPartition, sortableMs } from "./placed-item.ts";

const allocationStates = ["held", "committed", "released"] as const;

/** `held` until the units are decided, then one of the others for good. */
export type AllocationState = (typeof allocationStates)[number];

/** The units of one placement. Its state changes once, in the transaction that moves the units in their cells. */
export interface Allocation {
  readonly orderId: OrderId;
  readonly origin: Origin;
  readonly attempt: number;
  readonly counter: number;
  readonly state: AllocationState;
  readonly units: readonly Allocated[];
  readonly holdEndsAtMs: number;
  /** When repair looks at the placement; absent once nothing is left that happens by itself. */
  readonly dueAtMs?: number;
}

/** One allocation, by who took the units and at which attempt, from 0. */
export function allocationKey(id: OrderId, origin: Origin, attempt: number): ItemKey {
  return { pk: orderPartition(id), sk: `ALLOC#${origin}#${attempt}` };
}

const partForm: Form<Allocated> = mapForm((reader) => ({
  sku: reader.one("sku", "a SKU", idForm(isSku)),
  cell: reader.one("cell", "a cell", idForm(isCellId)),
  units: reader.one("units", "units", countForm(1, orderLineUnitsMax)),
}));

function areApart(units: readonly Allocated[]): boolean {
  return new Set(units.map(({ sku, cell }) => `${sku} ${cell}`)).size === units.length;
}

/** Units of different cells: a transaction writes a cell once. */
export const unitsForm: Form<readonly Allocated[]> = (value) => {
  const units = listForm(partForm, allocationPartsMax)(value);
  return units !== undefined && areApart(units) ? units : undefined;
};

/** Writes what `unitsForm` reads. */
export function unitsToValue(units: readonly Allocated[]): ItemValue {
  return units.map(({ sku, cell, units: count }) => ({ sku, cell, units: count }));
}

const dueForm: Form<number> = (value) =>
  typeof value === "string" && /^[0-9]{13}$/.test(value) ? Number(value) : undefined;

/** Reads an allocation; one that is open says when it is due. */
export function itemToAllocation(item: StoredItem): Result<Allocation, ItemNotUnderstood> {
  return readItem(item, "ALLOC", (reader, { orderId, origin, number }) => {
    reader.one("touchedAt", "a time in ms", timeForm);
    const openBy = reader.optional("openBy", "the origin of the item", (value) =>
      value === origin ? idForm(isOrigin)(value) : undefined,
    );
    const dueAtMs = openBy === undefined ? undefined : reader.one("dueAt", "thirteen digits of ms", dueForm);
    return {
      orderId,
      origin,
      attempt: number,
      counter: reader.one("v", "a counter", countForm(1)),
      state: reader.one("state", "an allocation's state", wordForm(allocationStates)),
      units: reader.one("units", "units in cells", unitsForm),
      holdEndsAtMs: reader.one("holdEndsAt", "a time in ms", timeForm),
      ...(dueAtMs === undefined ? {} : { dueAtMs }),
    };
  });
}

/** The two attributes of the index by which repair finds what is open. */
export function dueAttributes(origin: Origin, dueAtMs: number) {
  return { openBy: origin, dueAt: sortableMs(dueAtMs) };
}

/** Writes what `itemToAllocation` reads. */
export function allocationToItem(allocation: Allocation, touchedAtMs: number): StoredItem {
  const { orderId, origin, attempt, counter, state, units, holdEndsAtMs, dueAtMs } = allocation;
  return {
    ...allocationKey(orderId, origin, attempt),
    v: counter,
    state,
    units: unitsToValue(units),
    holdEndsAt: holdEndsAtMs,
    ...(dueAtMs === undefined ? {} : dueAttributes(origin, dueAtMs)),
    touchedAt: touchedAtMs,
  };
}
