import { describe, expect, test } from "vitest";
import { orderOp } from "../testing/order-data.ts";
import { type RequestType, requestTypes } from "./events.ts";
import { moveOrder, type OrderState, orderMachine, requestVerdict } from "./machine.ts";

const states = Object.keys(orderMachine).filter((state): state is OrderState => state in orderMachine);

describe("the machine", () => {
  test("has a way to every state, and a way out of none that is the end", () => {
    const found = new Set<OrderState>(["placed"]);
    for (const state of found) {
      for (const next of Object.values(orderMachine[state])) {
        found.add(next);
      }
    }
    expect([...found].sort()).toEqual([...states].sort());
    const ends = states.filter((state) => Object.values(orderMachine[state]).every((next) => next === state));
    expect(ends.sort()).toEqual(["declined", "expired", "refunded", "superseded"]);
  });

  test("ships nothing that is not paid, and nothing that is off", () => {
    const shipping = states.filter(
      (state) => moveOrder(state, { type: "shipped", request: orderOp(1) }, false) !== undefined,
    );
    expect(shipping).toEqual(["paid"]);
  });

  test("takes no money before the units are sold, and sells nothing without the money's promise", () => {
    expect(states.filter((state) => moveOrder(state, { type: "captured" }, false) !== undefined)).toEqual([
      "confirmed",
    ]);
    expect(states.filter((state) => moveOrder(state, { type: "committed" }, false) !== undefined)).toEqual([
      "authorized",
    ]);
    expect(moveOrder("placed", { type: "committed" }, true)).toBe("paid");
  });

  test("gives up the payment of what stands only where there is nothing to pay", () => {
    const standing: readonly OrderState[] = [
      "placed",
      "authorized",
      "confirmed",
      "paid",
      "shipped",
      "delivered",
    ];
    const voided = (isFree: boolean) =>
      standing.filter((state) => moveOrder(state, { type: "voided" }, isFree) !== undefined);
    expect([voided(false), voided(true)]).toEqual([[], ["paid"]]);
  });

  test("is not moved by requests", () => {
    for (const type of requestTypes) {
      const request = { type, operationId: orderOp(1), by: "shopper" as const };
      expect(states.filter((state) => moveOrder(state, request, false) !== undefined)).toEqual([]);
    }
  });

  test("takes what a verdict applies", () => {
    const facts = {
      "cancel-requested": "cancelled",
      "ship-requested": "shipped",
      "deliver-requested": "delivered",
      "return-requested": "returned",
    } as const;
    for (const state of states) {
      for (const type of requestTypes) {
        const moved = moveOrder(state, { type: facts[type], request: orderOp(1) }, false);
        expect([state, type, moved !== undefined]).toEqual([
          state,
          type,
          requestVerdict(state, type).type === "apply",
        ]);
      }
    }
  });

  test.each<readonly [OrderState, RequestType, string]>([
    ["paid", "cancel-requested", "apply"],
    ["shipped", "cancel-requested", "too-late"],
    ["confirmed", "ship-requested", "later"],
    ["paid", "deliver-requested", "later"],
    ["cancelled", "cancel-requested", "done-already"],
    ["cancelled", "ship-requested", "too-late"],
    ["shipped", "ship-requested", "done-already"],
    ["delivered", "return-requested", "apply"],
    ["refunded", "return-requested", "too-late"],
  ])("%s, and %s: %s", (state, type, expected) => {
    const verdict = requestVerdict(state, type);
    expect(verdict.type === "reject" ? verdict.reason : verdict.type).toBe(expected);
  });
});
