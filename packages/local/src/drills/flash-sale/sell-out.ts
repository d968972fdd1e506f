import { askAgain } from "../checkout/ask-again.ts";
import { buy, type Sale } from "./buyer.ts";

/** Buyers who come to one region at the same moment. */
const buyersPerWave = 3;

/** Buyers of single units come to every region, until each one is refused for want of stock; false when they never are. */
export async function sellOut(sale: Sale, stock: number): Promise<boolean> {
  // Each wave but the last sells a unit at least; a few may sell none while regions ask one another.
  const wavesMax = stock + 20;
  for (let wave = 1; wave <= wavesMax; wave += 1) {
    const refused = await Promise.all(
      sale.regions.flatMap((region) =>
        Array.from({ length: buyersPerWave }, (_, index) =>
          isRefused(sale, `late buyer ${wave}.${index + 1} in ${region}`, region),
        ),
      ),
    );
    if (refused.every(Boolean)) return true;
  }
  return false;
}

async function isRefused(sale: Sale, name: string, region: string): Promise<boolean> {
  const before = sale.checkouts.length;
  const told = await buy(sale, name, { quantity: 1, route: [region], durability: "one-region" });
  if (told !== undefined) return told.type === "refused" && told.problem === "stock-short";
  const mine = sale.checkouts.slice(before).find((checkout) => checkout.record().name === name);
  if (mine === undefined) return false;
  await askAgain([mine]);
  const last = mine.record().attempts.at(-1)?.told;
  return last?.type === "refused" && last.problem === "stock-short";
}
