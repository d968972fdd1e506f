import type { Currency, Money } from "@antipode/core";

/**
 * What Stripe charges at least, in minor units; Stripe's own are those of the shop, yen without decimals
 * (docs.stripe.com/currencies). Where the account is paid out in another currency, Stripe converts and compares again, so
 * an amount just above can still be refused.
 */
const leastMinor: Readonly<Record<Currency, number>> = {
  USD: 50,
  EUR: 50,
  GBP: 30,
  INR: 50,
  HKD: 400,
  JPY: 50,
};

/** Stripe takes no more than eight digits. */
const mostMinor = 99_999_999;

export function isChargeable({ amountMinor, currency }: Money): boolean {
  return amountMinor >= leastMinor[currency] && amountMinor <= mostMinor;
}
