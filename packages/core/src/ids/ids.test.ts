import { describe, expect, test } from "vitest";
import { ulidAt } from "../testing/arbitraries.ts";
import { cartShopper, cartUlid, isShopperId, makeCartId, parseCartId } from "./cart-id.ts";
import { admitOperationId, operationAgeMaxMs, operationAheadMaxMs } from "./operation-id.ts";
import { originOf, originRegion, parseOrigin } from "./origin.ts";
import { parseProductId, parseSku } from "./product-ids.ts";
import { parseUlid, ulidTimeMs } from "./ulid.ts";

const nowMs = 1_760_000_000_000;

describe("ULIDs", () => {
  test("hold their time", () => {
    expect(ulidTimeMs(ulidAt(nowMs, 7))).toBe(nowMs);
  });

  test.each([
    "",
    "01ARZ3NDEKTSV4RRFFQ69G5FA",
    "01arz3ndektsv4rrffq69g5fav",
    "81ARZ3NDEKTSV4RRFFQ69G5FAV",
    "01ARZ3NDEKTSV4RRFFQ69G5FAU",
  ])("%j is none", (text) => {
    expect(parseUlid(text).ok).toBe(false);
  });
});

describe("operation ids at the door", () => {
  test.each([
    ["now", 0, "admitted"],
    ["as old as a retry may be", -operationAgeMaxMs, "admitted"],
    ["older", -operationAgeMaxMs - 1, "operation-too-old"],
    ["as far ahead as clocks are", operationAheadMaxMs, "admitted"],
    ["further ahead", operationAheadMaxMs + 1, "operation-too-far-ahead"],
  ])("%s", (_what, offsetMs, outcome) => {
    const admitted = admitOperationId(ulidAt(nowMs + offsetMs, 1), nowMs);
    expect(admitted.ok ? "admitted" : admitted.error.type).toBe(outcome);
  });
});

describe("origins", () => {
  test("name a region and its life", () => {
    expect(originRegion(originOf({ name: "ap-east-1", incarnation: 3 }))).toBe("ap-east-1");
    expect(parseOrigin("us-gov-west-1#1").ok).toBe(true);
  });

  test.each(["us-east-1", "us-east-1#0", "us-east-1#01", "us-east-1#1#1", "US-EAST-1#1", "__proto__"])(
    "%j is none",
    (text) => {
      expect(parseOrigin(text).ok).toBe(false);
    },
  );
});

describe("product ids and SKUs", () => {
  test.each(["", "Desk", "desk--lamp", "-desk", "desk#1", "a".repeat(65)])("%j is no product id", (text) => {
    expect(parseProductId(text).ok).toBe(false);
  });

  test.each(["", "lamp", "LAMP|1", "LAMP#1", "LAMP--1", "A".repeat(41)])("%j is no SKU", (text) => {
    expect(parseSku(text).ok).toBe(false);
  });
});

describe("cart ids", () => {
  test("name their shopper and hold their own ULID", () => {
    const shopper = ulidAt(nowMs, 1);
    if (!isShopperId(shopper)) {
      throw new Error("unreachable");
    }
    const id = makeCartId(shopper, ulidAt(nowMs + 5, 2));
    expect(cartShopper(id)).toBe(shopper);
    expect(ulidTimeMs(cartUlid(id))).toBe(nowMs + 5);
    expect(parseCartId(`${id}_`).ok).toBe(false);
  });
});
