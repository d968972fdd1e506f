import { describe, expect, test } from "vitest";
import { makeCellId } from "../ids/cell-id.ts";
import type { ItemValue, StoredItem } from "../items/item.ts";
import { itemBytes, itemBytesMax } from "../items/item-size.ts";
import { operationId, sku, ulidAt } from "../testing/arbitraries.ts";
import { asStored } from "../testing/item-changes.ts";
import { lampCheckout, lampLine, orderOf, orderOp, orderTimeMs } from "../testing/order-data.ts";
import { createOrderShop } from "../testing/order-shop.ts";
import { allocationToItem, itemToAllocation } from "./alloc-item.ts";
import { itemToLogEntry, logEntryToItem } from "./event-item.ts";
import type { OrderEvent } from "./events.ts";
import { allocationPartsMax, orderLinesMax, orderOperationsMax, requestDigestCharsMax } from "./limits.ts";
import { planPlace } from "./place.ts";
import { itemToPlacement, type Placement, placementToItem } from "./placed-item.ts";
import { noOrderReplicas, readOrderReplicas } from "./replicas.ts";
import { itemToWitness, witnessToItem } from "./witness-item.ts";

const [me, other] = [createOrderShop("us-east-1#1").me, createOrderShop("eu-west-1#1").me];
const orderId = orderOf(0);

function placed() {
  const plan = planPlace(noOrderReplicas(orderId), me, lampCheckout(me));
  if (plan.type !== "write") {
    throw new Error(plan.type);
  }
  return plan;
}

const { placement, allocation } = placed();
const operation = orderOp(5);

const events: readonly OrderEvent[] = [
  { type: "placed" },
  { type: "witnessed", by: other },
  { type: "claimed", winner: me, paymentId: "pay_1" },
  { type: "authorized" },
  { type: "declined", code: "insufficient_funds" },
  { type: "committed" },
  { type: "captured" },
  { type: "released", reason: "superseded" },
  { type: "voided" },
  { type: "cart-ended", outcome: "failed" },
  { type: "cancelled", request: operation },
  { type: "cancelled", code: "payment-cancelled" },
  { type: "shipped", request: operation },
  { type: "delivered", request: operation },
  { type: "returned", request: operation },
  { type: "refunded" },
  { type: "rejected", request: operation, reason: "too-late" },
  { type: "cancel-requested", operationId: operation, by: "shopper" },
  { type: "ship-requested", operationId: operation, by: "operator" },
  { type: "deliver-requested", operationId: operation, by: "operator" },
  { type: "return-requested", operationId: operation, by: "shopper" },
];

const entryOf = (event: OrderEvent) => ({
  orderId,
  origin: me,
  number: 3,
  stamp: { ms: orderTimeMs, counter: 2, origin: me },
  atMs: orderTimeMs,
  event,
});

const witness = { witness: other, placement, units: allocation.units };
const { dueAtMs: _due, ...closed } = allocation;

describe("what is stored reads back", () => {
  test.each(events.map((event) => [event.type, event] as const))("%s", (_type, event) => {
    expect(itemToLogEntry(asStored(logEntryToItem(entryOf(event))))).toEqual({
      ok: true,
      value: entryOf(event),
    });
  });

  test("a placement, a witness of it, its units open and closed", () => {
    expect(itemToPlacement(asStored(placementToItem(placement)))).toEqual({ ok: true, value: placement });
    expect(itemToWitness(asStored(witnessToItem(witness, 7)))).toEqual({ ok: true, value: witness });
    expect(itemToAllocation(asStored(allocationToItem(allocation, 7)))).toEqual({
      ok: true,
      value: allocation,
    });
    expect(itemToAllocation(asStored(allocationToItem(closed, 7)))).toEqual({ ok: true, value: closed });
  });
});

const items: Readonly<Record<string, StoredItem>> = {
  PLACED: placementToItem(placement),
  WITNESS: witnessToItem(witness, 7),
  ALLOC: allocationToItem(allocation, 7),
  EVENT: logEntryToItem(entryOf({ type: "declined", code: "lost_card" })),
};

const line = {
  sku: "LAMP-BLACK",
  quantity: 2,
  unitMinor: 1_250,
  product: "desk-lamp-042",
  title: "Desk lamp",
};
const part = { sku: "LAMP-BLACK", cell: "us-east-1#1#0", units: 2 };

/** Kind, attribute at fault, and what stands there; nothing where it is missing. */
const malformedItems: readonly (readonly [string, string, ItemValue | undefined])[] = [
  ...Object.keys(items).flatMap((kind) => [
    [kind, "later", "a newer version's"] as const,
    [kind, "v", 0] as const,
    [kind, "touchedAt", "now"] as const,
  ]),
  ["PLACED", "v", 2],
  ["PLACED", "shopper", ulidAt(orderTimeMs, 99)],
  ["PLACED", "listedAt", `1760000000001#${orderId}`],
  ["PLACED", "placedAt", -1],
  ["PLACED", "lines", []],
  ["PLACED", "lines", [line, line]],
  ["PLACED", "lines", [{ ...line, quantity: 0 }]],
  ["PLACED", "lines", [{ ...line, quantity: 1_000 }]],
  ["PLACED", "lines", [{ ...line, colour: "black" }]],
  ["PLACED", "lines", Array.from({ length: 41 }, (_, index) => ({ ...line, sku: `LAMP-${index}` }))],
  ["PLACED", "operations", new Set(["an operation"])],
  ["PLACED", "cartVector", "us-east-1#1"],
  ["PLACED", "stamp", "now"],
  ["PLACED", "currency", "XXX"],
  ["PLACED", "method", ""],
  ["PLACED", "durability", "every-region"],
  ["PLACED", "requestDigest", "x".repeat(requestDigestCharsMax + 1)],
  ["PLACED", "operationId", undefined],
  ["PLACED", "holdEndsAt", undefined],
  ["WITNESS", "placement", other],
  ["WITNESS", "units", undefined],
  ["ALLOC", "state", "sold"],
  ["ALLOC", "units", [part, part]],
  ["ALLOC", "units", [{ ...part, units: 0 }]],
  ["ALLOC", "units", [{ ...part, cell: "us-east-1#1" }]],
  ["ALLOC", "openBy", other],
  ["ALLOC", "openBy", undefined],
  ["ALLOC", "dueAt", 5],
  ["EVENT", "type", "constructor"],
  ["EVENT", "type", "vanished"],
  ["EVENT", "data", { code: "lost_card", reason: "more" }],
  ["EVENT", "data", {}],
  ["EVENT", "data", undefined],
];

describe("what this code does not understand is a failure", () => {
  test.each(malformedItems)("%s with %s %j", (kind, attribute, value) => {
    const whole: StoredItem = items[kind] ?? { pk: "", sk: "" };
    const { pk, sk } = whole;
    const { [attribute]: _gone, ...others } = whole;
    const item = { ...others, ...(value === undefined ? {} : { [attribute]: value }) };
    const read = readOrderReplicas(orderId, [{ ...item, pk, sk }]);
    expect(read).toMatchObject({ ok: false, error: { type: "item-not-understood" } });
    // of two attributes that belong together either may be named
    const named = attribute === "openBy" && value === undefined ? "dueAt" : attribute;
    expect(read.ok ? undefined : read.error.attribute).toBe(named);
  });

  test.each([
    ["an unknown kind", "NOTE#us-east-1#1"],
    ["no kind", "PLACED"],
    ["a log that begins with 0", "EVENT#us-east-1#1#0"],
    ["another's form of key", "PLACED#us-east-1#1#0"],
  ])("a key with %s", (_what, sk) => {
    expect(readOrderReplicas(orderId, [{ ...(items["EVENT"] ?? { pk: "" }), sk }]).ok).toBe(false);
  });

  test("who has won without the payment that says so", () => {
    const item = logEntryToItem(entryOf({ type: "claimed", winner: me, paymentId: "pay_1" }));
    expect(itemToLogEntry(asStored({ ...item, data: { winner: me } }))).toMatchObject({ ok: false });
  });

  test("another order's item is a bug", () => {
    expect(() => readOrderReplicas(orderOf(1), [placementToItem(placement)])).toThrow("another order");
  });
});

test("the largest order fits its items", () => {
  const lines = Array.from({ length: orderLinesMax }, (_, index) => ({
    ...lampLine(999, 99_999_999_999),
    sku: sku(`A${index}-`.padEnd(40, "B")),
    title: "灯".repeat(200),
  }));
  const operations = new Set(
    Array.from({ length: orderOperationsMax }, (_, index) => operationId(ulidAt(orderTimeMs, index))),
  );
  const totalMinor = 999 * 99_999_999_999 * orderLinesMax;
  const large: Placement = {
    ...placement,
    lines,
    operations,
    totalMinor,
    requestDigest: "灯".repeat(requestDigestCharsMax),
  };
  const units = Array.from({ length: allocationPartsMax }, (_, index) => ({
    cell: makeCellId(me, 0),
    units: 999,
    sku: sku(`A${index}-`.padEnd(40, "B")),
  }));
  expect(Number.isSafeInteger(totalMinor)).toBe(true);
  expect(itemToPlacement(placementToItem(large)).ok).toBe(true);
  expect(itemBytes(witnessToItem({ witness: other, placement: large, units }, 1))).toBeLessThan(itemBytesMax);
});
