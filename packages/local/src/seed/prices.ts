import type { Money } from "@antipode/core";

/** The currencies of the seeded catalog; the shop knows more. */
export const seedCurrencies = ["USD", "EUR", "GBP", "INR", "HKD"] as const;

export type SeedCurrency = (typeof seedCurrencies)[number];

/** What one US dollar costs here: plausible round figures, since prices are set by people and not by the day's market. */
export const unitsPerUsd: Readonly<Record<SeedCurrency, number>> = {
  USD: 1,
  EUR: 0.92,
  GBP: 0.79,
  INR: 84,
  HKD: 7.8,
};

/** Prices below `below` end like `ending` within each `step`; all in minor units. */
interface Ending {
  readonly below: number;
  readonly step: number;
  readonly ending: number;
}

const endings: Readonly<Record<SeedCurrency, readonly Ending[]>> = {
  USD: [
    { below: 20_00, step: 50, ending: 49 },
    { below: 100_00, step: 1_00, ending: 99 },
    { below: Number.POSITIVE_INFINITY, step: 5_00, ending: 4_00 },
  ],
  EUR: [
    { below: 20_00, step: 50, ending: 45 },
    { below: 100_00, step: 1_00, ending: 95 },
    { below: Number.POSITIVE_INFINITY, step: 5_00, ending: 4_00 },
  ],
  GBP: [
    { below: 20_00, step: 50, ending: 49 },
    { below: 100_00, step: 1_00, ending: 99 },
    { below: Number.POSITIVE_INFINITY, step: 5_00, ending: 4_00 },
  ],
  INR: [
    { below: 1_000_00, step: 50_00, ending: 49_00 },
    { below: Number.POSITIVE_INFINITY, step: 100_00, ending: 99_00 },
  ],
  HKD: [
    { below: 100_00, step: 1_00, ending: 90 },
    { below: Number.POSITIVE_INFINITY, step: 10_00, ending: 8_00 },
  ],
};

/** The price in a shop's window that is nearest to the amount: 23.70 as 23.99. Never below the smallest ending. */
export function retailPrice(usd: number, currency: SeedCurrency): Money {
  const exact = usd * unitsPerUsd[currency] * 100;
  const rule = endings[currency].find(({ below }) => exact < below);
  if (rule === undefined) throw new Error(`not an amount: ${usd}`);
  const steps = Math.max(0, Math.round((exact - rule.ending) / rule.step));
  return { amountMinor: steps * rule.step + rule.ending, currency };
}

/** One price of each currency, ordered by code as the shop keeps them. */
export function retailPrices(usd: number): readonly Money[] {
  return seedCurrencies.map((currency) => retailPrice(usd, currency));
}
