import { describe, expect, it } from "vitest";
import type { Reply } from "../request.ts";
import { toldBy } from "./schemas.ts";

const order = {
  id: "ord_1",
  state: "paid",
  decided: true,
  placedIn: "eu-west-1#1",
  currency: "EUR",
  lines: [{ sku: "LAMP", quantity: 1, unitMinor: 100 }],
  totalMinor: 100,
};

const answer = (status: number, body: unknown): Reply => ({
  type: "answer",
  status,
  headers: new Headers(),
  body,
});
const problem = (status: number, name: string, members: object = {}) =>
  toldBy(answer(status, { type: `urn:antipode:problem:${name}`, ...members }), 7);

describe("what a checkout's answer says", () => {
  it("is the order, confirmed or placed", () => {
    expect(toldBy(answer(201, { order }), 7)).toEqual({ type: "confirmed", at: 7, order });
    expect(toldBy(answer(202, { order }), 7)).toEqual({ type: "placed", at: 7, order });
  });

  it("says of a confirmed order whether two regions have it", () => {
    const reached = (durability: string) =>
      toldBy(
        answer(201, { order: { ...order, durability: { asked: "two-regions", reached: durability } } }),
        7,
      );
    expect(reached("two-regions")).toEqual({ type: "confirmed", at: 7, order, isDurable: true });
    expect(reached("one-region")).toMatchObject({ isDurable: false });
  });

  it("is a refusal, with the order that it names, whole or by its id", () => {
    expect(problem(402, "payment-declined", { order })).toEqual({
      type: "refused",
      at: 7,
      problem: "payment-declined",
      order: "ord_1",
    });
    expect(problem(409, "cart-in-checkout", { order: "ord_1" })).toMatchObject({ order: "ord_1" });
    expect(problem(409, "stock-short", { shortfalls: [] })).toEqual({
      type: "refused",
      at: 7,
      problem: "stock-short",
    });
    expect(problem(503, "not-selling")).toMatchObject({ type: "refused" });
  });

  it("leaves it open when the region failed or did not answer", () => {
    for (const [status, name] of [
      [503, "unavailable"],
      [409, "contended"],
      [500, "internal"],
    ] as const) {
      expect(problem(status, name)).toEqual({ type: "unknown", at: 7, why: name });
    }
    expect(toldBy({ type: "cut" }, 7)).toEqual({ type: "unknown", at: 7, why: "cut" });
  });
});
