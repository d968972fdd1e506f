import fc from "fast-check";
import { expect, test } from "vitest";
import { addMoney, currencies, currencyCodes, moneyToDecimal, timesMoney } from "./money.ts";

const anyMoney = fc.record({ amountMinor: fc.nat(), currency: fc.constantFrom(...currencyCodes) });

test("adds amounts of one currency only, exactly", () => {
  fc.assert(
    fc.property(anyMoney, anyMoney, (left, right) => {
      const sum = addMoney(left, right);
      expect(sum.ok).toBe(left.currency === right.currency);
      if (sum.ok) {
        expect(sum.value.amountMinor).toBe(left.amountMinor + right.amountMinor);
        expect(sum).toEqual(addMoney(right, left));
      }
    }),
  );
});

test("refuses an amount that a number cannot hold exactly", () => {
  const most = { amountMinor: Number.MAX_SAFE_INTEGER, currency: "EUR" } as const;
  expect(addMoney(most, { amountMinor: 1, currency: "EUR" }).ok).toBe(false);
  expect(timesMoney(most, 2).ok).toBe(false);
  expect(timesMoney(most, 1)).toEqual({ ok: true, value: most });
});

test("is written with the currency's own digits", () => {
  fc.assert(
    fc.property(anyMoney, (amount) => {
      const text = moneyToDecimal(amount);
      const { minorDigits } = currencies[amount.currency];
      expect(Math.round(Number(text) * 10 ** minorDigits)).toBe(amount.amountMinor);
      expect(text.split(".")[1]?.length ?? 0).toBe(minorDigits);
    }),
  );
  expect(moneyToDecimal({ amountMinor: 5, currency: "EUR" })).toBe("0.05");
  expect(moneyToDecimal({ amountMinor: 1_205, currency: "JPY" })).toBe("1205");
});
