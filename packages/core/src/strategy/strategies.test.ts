import { describe, expect, test } from "vitest";
import { plainFields, registerKind } from "../catalog/fields.ts";
import { scheduledPrice } from "../testing/product-steps.ts";
import {
  firstRules,
  isKnownRules,
  presentRules,
  type Strategies,
  strategies,
  strategiesByRules,
  strategiesFor,
} from "./strategies.ts";

test("every field of a product has a line of its own in the table", () => {
  const kinds = [...plainFields, scheduledPrice].map(registerKind);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(Object.keys(strategies)).toEqual(expect.arrayContaining(kinds));
});

test("prices serve the lowest, everything else the newest", () => {
  expect(strategies[registerKind(scheduledPrice)].serve).toBe("lowest-amount");
  expect(plainFields.map((field) => strategies[registerKind(field)].serve)).toEqual(
    plainFields.map(() => "newest-stamp"),
  );
});

describe("rules", () => {
  const later: Strategies = { ...strategies, "product.price": strategies["product.title"] };
  const tables = { ...strategiesByRules, 2: later };

  test("are known when they have a table; what is written and what an item without a number means are", () => {
    expect([firstRules, presentRules, 0, 2, -1].map(isKnownRules)).toEqual([true, true, false, false, false]);
  });

  test("go by the lowest number in sight", () => {
    expect(strategiesFor([2, 1, 2], tables)).toBe(strategies);
    expect(strategiesFor([2, 2], tables)).toBe(later);
    expect(strategiesFor([], tables)).toBe(strategies);
  });

  test("without a table are a bug by the time of a fold", () => {
    expect(() => strategiesFor([2])).toThrow("no strategies for rules 2");
  });
});
