import type { VersionVector } from "@antipode/core";
import {
  addToCart,
  type OpenCheckout,
  openCheckout,
  type ShopCart,
  type ShopClient,
  takeCart,
} from "../checkout/client.ts";
import { isFinal, type Told } from "../checkout/history.ts";
import { drillCurrency } from "../checkout/subject.ts";
import type { PlannedBuyer } from "./plan.ts";

/** The provider's own test cards. */
const goodCard = "pm_card_visa";
const badCard = "pm_card_visa_chargeDeclined";

/** What is for sale, and everything that buyers have sent for it. */
export interface Sale {
  readonly client: ShopClient;
  readonly sku: string;
  readonly unitMinor: number;
  readonly regions: readonly string[];
  readonly checkouts: OpenCheckout[];
}

/** Takes a cart, adds to it and checks out, region after region, until one says what becomes of it. */
export async function buy(sale: Sale, name: string, buyer: PlannedBuyer): Promise<Told | undefined> {
  const { client, sku } = sale;
  const cart = await takeCart(client, name, buyer.route);
  if (cart === undefined) return undefined;
  const token = await addToCart(client, cart, { sku, quantity: buyer.quantity, route: buyer.route });
  if (token === undefined) return undefined;
  const declined = 0;
  const card = buyer.declined === undefined ? goodCard : badCard;
  const first = begin(sale, { cart, generation: declined, token, buyer, card });
  const told = await goAlong(first, buyer);
  if (told?.type !== "refused" || told.problem !== "payment-declined" || buyer.declined?.tries !== true) {
    return told;
  }
  const generation = declined + 1; // the next one begins when a checkout came to nothing
  return goAlong(begin(sale, { cart, generation, token, buyer, card: goodCard }), buyer);
}

interface Beginning {
  readonly cart: ShopCart;
  readonly generation: number;
  readonly token: VersionVector;
  readonly buyer: PlannedBuyer;
  readonly card: string;
}

function begin(sale: Sale, { cart, generation, token, buyer, card }: Beginning): OpenCheckout {
  const checkout = openCheckout(sale.client, {
    cart,
    generation,
    token,
    lines: [{ sku: sale.sku, quantity: buyer.quantity, unitMinor: sale.unitMinor }],
    currency: drillCurrency,
    paymentMethod: card,
    declining: card === badCard,
    durability: buyer.durability,
  });
  sale.checkouts.push(checkout);
  return checkout;
}

async function goAlong(checkout: OpenCheckout, buyer: PlannedBuyer): Promise<Told | undefined> {
  const [first = ""] = buyer.route;
  const both = buyer.alsoIn === undefined ? [first] : [first, buyer.alsoIn];
  const answers = await Promise.all(both.map((region) => checkout.sendTo(region)));
  let told = answers.find(isFinal);
  for (const region of buyer.route.slice(1)) {
    if (told !== undefined) break;
    const next = await checkout.sendTo(region);
    if (isFinal(next)) told = next;
  }
  if (told !== undefined && buyer.repeatIn !== undefined) await checkout.sendTo(buyer.repeatIn);
  return told;
}
