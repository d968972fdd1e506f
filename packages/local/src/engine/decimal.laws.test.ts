import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDecimals,
  compareDecimals,
  DecimalRangeError,
  decimalSortText,
  formatDecimal,
  parseDecimal,
} from "./decimal.ts";

/** Numbers of up to 18 digits, positive and negative, of very different sizes. */
const parts = fc.tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: -20, max: 20 }));
const textOf = ([units, exponent]: [bigint, number]) => `${units}e${exponent}`;
const decimal = parts.map(textOf);

const whole = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n });

describe("decimals", () => {
  it("read what they write", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const read = parseDecimal(text);
        expect(parseDecimal(formatDecimal(read))).toEqual(read);
        expect(formatDecimal(read)).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
      }),
    );
  });

  it("add and subtract as integers do", () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(addDecimals(String(a), String(b), 1)).toBe(String(a + b));
        expect(addDecimals(String(a), String(b), -1)).toBe(String(a - b));
      }),
    );
  });

  it("are ordered alike by comparison and by sort text", () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const [left, right] = [decimalSortText(textOf(a)), decimalSortText(textOf(b))];
        const order = compareDecimals(textOf(a), textOf(b));
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(order);
        const scaled = ([units, exponent]: [bigint, number]) => units * 10n ** BigInt(exponent + 20);
        expect(order).toBe(scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0);
      }),
    );
  });

  it("refuse what DynamoDB cannot hold", () => {
    const digits38 = "9".repeat(38);
    expect(addDecimals(digits38, "1", 1)).toBe(`1${"0".repeat(38)}`);
    expect(() => addDecimals(digits38, "0.5", 1)).toThrow(DecimalRangeError);
    expect(() => addDecimals("9e125", "9e125", 1)).toThrow("magnitude larger");
    expect(() => addDecimals("1.5e-130", "1.4e-130", -1)).toThrow("magnitude smaller");
  });
});
