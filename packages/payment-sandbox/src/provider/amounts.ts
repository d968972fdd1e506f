import { type Failure, invalid } from "./failure.ts";

/**
 * The least that can be charged, in the currency's minor unit; yen have none smaller (docs.stripe.com/currencies). Only
 * the currencies that the shop prices in.
 */
const minimumByCurrency: ReadonlyMap<string, number> = new Map([
  ["usd", 50],
  ["eur", 50],
  ["gbp", 30],
  ["inr", 50],
  ["hkd", 400],
  ["jpy", 50],
]);

/** Eight digits: the provider's limit. */
const amountMax = 99_999_999;

export function refuseAmount(amount: number, currency: string): Failure | undefined {
  const minimum = minimumByCurrency.get(currency);
  if (minimum === undefined) {
    return invalid("parameter_invalid", `Invalid currency: ${currency}.`, "currency");
  }
  if (amount < minimum) {
    return invalid("amount_too_small", `Amount must be at least ${minimum} ${currency}`, "amount");
  }
  return amount > amountMax
    ? invalid("amount_too_large", `Amount must be no more than ${amountMax} ${currency}`, "amount")
    : undefined;
}
