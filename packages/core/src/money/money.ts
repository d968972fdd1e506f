import { err, ok, type Result } from "../result/result.ts";

/** ISO 4217 currencies that the shop prices in, with the digits of their minor unit. */
export const currencies = {
  USD: { minorDigits: 2 },
  EUR: { minorDigits: 2 },
  GBP: { minorDigits: 2 },
  INR: { minorDigits: 2 },
  HKD: { minorDigits: 2 },
  JPY: { minorDigits: 0 },
} as const satisfies Readonly<Record<string, { readonly minorDigits: number }>>;

export type Currency = keyof typeof currencies;

export const currencyCodes = Object.keys(currencies).filter(isCurrency);

export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(currencies, code);
}

/** An amount in the currency's minor unit (cents, paise, yen): an integer, never negative. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

export type MoneyError =
  | { readonly type: "not-an-amount"; readonly amountMinor: number }
  | { readonly type: "currencies-differ"; readonly left: Currency; readonly right: Currency };

export function money(amountMinor: number, currency: Currency): Result<Money, MoneyError> {
  return Number.isSafeInteger(amountMinor) && amountMinor >= 0
    ? ok({ amountMinor, currency })
    : err({ type: "not-an-amount", amountMinor });
}

export function addMoney(left: Money, right: Money): Result<Money, MoneyError> {
  return left.currency === right.currency
    ? money(left.amountMinor + right.amountMinor, left.currency)
    : err({ type: "currencies-differ", left: left.currency, right: right.currency });
}

export function timesMoney(price: Money, quantity: number): Result<Money, MoneyError> {
  return money(price.amountMinor * quantity, price.currency);
}

/** `{amountMinor: 1205, currency: "EUR"}` as `12.05`, without grouping or symbol. */
export function moneyToDecimal(value: Money): string {
  const { minorDigits } = currencies[value.currency];
  const digits = String(value.amountMinor).padStart(minorDigits + 1, "0");
  return minorDigits === 0 ? digits : `${digits.slice(0, -minorDigits)}.${digits.slice(-minorDigits)}`;
}
