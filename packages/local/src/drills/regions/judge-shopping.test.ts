import { describe, expect, it } from "vitest";
import type { Attempt } from "../attempt.ts";
import { originIn } from "../attempt.ts";
import type { Checkout, OrderEnd, SeenCell, SeenOrder } from "../checkout/history.ts";
import type { CartEnd } from "../concurrent-carts/history.ts";
import { judgeShopping, type ShoppingHistory } from "./judge-shopping.ts";
import { lost, regions } from "./testing/forged-history.ts";

const sku = "LAMP";
const delivered = 40;
const order: SeenOrder = {
  id: "cart/0",
  state: "paid",
  decided: true,
  placedIn: "eu-west-1#1",
  currency: "EUR",
  lines: [{ sku, quantity: 1, unitMinor: 1_900 }],
  totalMinor: 1_900,
};
const checkout: Checkout = {
  name: "shopper 1, order 2",
  cart: "cart",
  operationId: "op",
  lines: order.lines,
  currency: "EUR",
  declining: false,
  attempts: [
    { region: lost, sent: 1, told: { type: "confirmed", at: 2, order, isDurable: true }, apart: [] },
  ],
};
const everywhere = (seen: SeenOrder | undefined): readonly OrderEnd[] =>
  regions.map((region) => ({ id: order.id, region, order: seen }));

const cell = (region: string, sold: number): SeenCell => ({
  cell: `${region}#1`,
  available: delivered / regions.length - sold,
  held: 0,
  sold,
  restocked: delivered / regions.length,
  granted: {},
  absorbed: {},
});
const cellsWith = (sold: number) => {
  const cells = regions.map((region) => cell(region, region === lost ? sold : 0));
  return regions.map((region) => ({ region, sku, cells }));
};

const origin = originIn(lost);
const acknowledged: Attempt = {
  origin,
  sent: 1,
  end: { type: "done", at: 2, vector: { [origin]: 1 }, covered: true },
};
const cut: Attempt = { origin, sent: 3, end: { type: "unknown", at: 4, over: true } };
const add = (attempts: readonly Attempt[]) => ({
  name: "add",
  cart: "kept",
  kind: "add" as const,
  sku,
  quantity: 1,
  attempts,
});
const cartEnds = (quantity: number): readonly CartEnd[] =>
  regions.map((region) => ({ cart: "kept", region, vector: { [origin]: 1 }, lines: { [sku]: quantity } }));

const payment = {
  id: "pi_1",
  order: order.id,
  currency: "eur",
  status: "succeeded",
  charges: [{ captures: 1, amountCaptured: 1_900 }],
  refunds: [],
};

const kept: ShoppingHistory = {
  carts: { changes: [add([acknowledged]), add([cut])], sights: [], ends: cartEnds(1) },
  checkouts: [checkout],
  sku,
  delivered,
  orders: everywhere(order),
  cells: cellsWith(1),
  payments: [payment],
  missedWhileAway: [],
};
const cartOf = (id: string) => id.slice(0, id.lastIndexOf("/"));
const judge = (more: Partial<ShoppingHistory>) => judgeShopping({ ...kept, ...more }, cartOf);

describe("the judge of shopping while regions fall", () => {
  it("finds nothing where every promise was kept, whether an unanswered write was carried out or not", () => {
    expect(judge({})).toEqual({ lostWrites: 0, lostOrders: 0, oversold: 0, orders: 1, broken: [] });
    expect(judge({ carts: { ...kept.carts, ends: cartEnds(2) } }).broken).toEqual([]);
  });

  it("convicts a lost write", () => {
    const verdict = judge({ carts: { ...kept.carts, ends: cartEnds(0) } });
    expect(verdict.lostWrites).toBe(1);
    expect(verdict.broken).toContain("1 units of acknowledged writes are lost");
  });

  it("convicts a write that counts twice", () => {
    expect(judge({ carts: { ...kept.carts, ends: cartEnds(3) } }).broken).toHaveLength(1);
  });

  it("convicts an order that is missing in the end, in one region or in all", () => {
    const [first, ...rest] = everywhere(order);
    const inOne = judge({
      orders: [{ id: order.id, region: first?.region ?? "", order: undefined }, ...rest],
    });
    expect(inOne.lostOrders).toBe(1);
    expect(inOne.broken.length).toBeGreaterThan(0);
    expect(judge({ orders: [] }).lostOrders).toBe(1);
    expect(judge({ orders: everywhere({ ...order, state: "expired" }) }).lostOrders).toBe(1);
  });

  it("convicts an order of two regions that was nowhere while its region was away, though it came back", () => {
    const verdict = judge({ missedWhileAway: [order.id] });
    expect(verdict.lostOrders).toBe(1);
    expect(verdict.broken).toEqual(["cart/0 was durable in two regions, and no other one showed it"]);
  });

  it("counts an order once that was missed and is lost", () => {
    expect(judge({ missedWhileAway: [order.id], orders: [] }).lostOrders).toBe(1);
  });

  it("convicts units that nobody had", () => {
    const verdict = judge({ delivered: 0 });
    expect(verdict.oversold).toBe(1);
    expect(verdict.broken).toContain("1 units were sold that nobody had");
  });

  it("convicts money that was taken twice", () => {
    const twice = { ...payment, charges: [...payment.charges, ...payment.charges] };
    expect(judge({ payments: [twice] }).broken).toContain("cart/0: it was charged 2 times");
  });
});
