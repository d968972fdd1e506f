/** What to try in a running world: lines that work when pasted in order, into one shell. */
import { monotonicFactory } from "ulid";
import * as z from "zod";
import { type AskPorts, askUntilServed } from "./first-answers.ts";

export interface TourWorld {
  readonly regions: readonly string[];
  api(region: string): string;
  /** Nothing when there is no CDN. */
  edge(region: string): string | undefined;
}

interface Step {
  readonly title: string;
  readonly commands: readonly string[];
}

const createdCart = z.object({ id: z.string(), session: z.object({ token: z.string() }) });
const listedProducts = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        variants: z
          .array(
            z.object({
              sku: z.string(),
              prices: z.array(z.object({ amountMinor: z.number(), currency: z.string() })),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

/** How many different products the tour puts into its cart. */
const skusNeeded = 4;

/** What the tour sets its first product's price to. */
const newPriceMinor = 1990;

/** A cart, and products for it: what the tour's commands name. */
interface Shown {
  readonly cart: string;
  readonly token: string;
  readonly products: readonly { readonly id: string; readonly sku: string; readonly euroMinor: number }[];
}

/** Makes a cart through the API and writes the tour around it. */
export async function createTour(world: TourWorld, ports: AskPorts): Promise<readonly Step[]> {
  const api = world.api(world.regions[0] ?? "");
  const created = createdCart.parse(await getJson(`${api}/v1/carts`, { method: "POST" }, ports));
  const listed = listedProducts.parse(await getJson(`${api}/v1/products?limit=${skusNeeded}`, {}, ports));
  const products = listed.items.map(({ id, variants }) => ({
    id,
    sku: variants[0]?.sku ?? "",
    euroMinor: variants[0]?.prices.find(({ currency }) => currency === "EUR")?.amountMinor ?? 0,
  }));
  return steps(world, { cart: created.id, token: created.session.token, products });
}

function steps(world: TourWorld, shown: Shown): readonly Step[] {
  const [first = "", second = first, third = first] = world.regions;
  const { read, add, set, remove, price, checkout, cancel, readOrder } = commands(world, shown);
  return [
    { title: "List products", commands: [`curl -s '${world.api(first)}/v1/products?limit=2'; echo`] },
    ...throughEdge(
      world,
      second,
      `Read through the CDN near ${second}: the second time it answers from its cache`,
      ["limit=2", "limit=2"],
    ),
    {
      title: "A cart and its session, made a moment ago: another one comes from POST /v1/carts",
      commands: [
        `CART=${shown.cart}`,
        `TOKEN=${shown.token}`,
        `curl -s -X POST ${world.api(first)}/v1/carts; echo`,
      ],
    },
    { title: `Add to it in ${first} and in ${second}`, commands: [add(first, 0, 1), add(second, 1, 2)] },
    { title: `Read it in ${third}`, commands: [`sleep 1; ${read(third)}`] },
    {
      title:
        "Set one line and remove the other, each where it was not added; a moment later both are everywhere",
      commands: [set(second, 0, 5), remove(first, 1), `sleep 1; ${read(third)}`],
    },
    {
      title: "Change a price as an operator",
      commands: ["ADMIN=$(npm run -s token)", price(second, 0, newPriceMinor)],
    },
    {
      title: `Cut the link between ${first} and ${second}`,
      commands: [`npm run -s world -- cut ${first} ${second}`],
    },
    { title: "Keep shopping on both sides", commands: [add(first, 2, 1), add(second, 3, 1)] },
    { title: "Each side sees its own", commands: [read(first), read(second)] },
    {
      title: "Heal it, and watch them converge",
      commands: ["npm run -s world -- heal; sleep 1", read(first), read(second)],
    },
    {
      title: `Buy it in ${third}: stock comes from where it lies, and a second region keeps a copy of the order`,
      commands: [checkout(third)],
    },
    {
      title: `The same request again in ${first} is the same order, charged once`,
      commands: [`sleep 1; ${checkout(first)}`, "npm run -s world -- pay ledger"],
    },
    {
      title: `Cancel it in ${second}; ${third}, which owns it, gives the money back. The units come back by a delivery`,
      commands: [cancel(second), `sleep 2; ${readOrder(second)}`],
    },
    {
      title: `Kill ${second}: the order is still there, and what is added goes on`,
      commands: [`npm run -s world -- down ${second}`, readOrder(third), add(third, 1, 1)],
    },
    ...throughEdge(
      world,
      second,
      `Read near ${second} through the CDN all the same: another region answers within the request`,
      ["limit=3"],
    ),
    {
      title: `Half a minute after, Route 53 leads shoppers near ${second} elsewhere: ask again until it does`,
      commands: ["npm run -s world -- dns api"],
    },
    {
      title:
        "Bring it back. For some two minutes it stays closed, as the others' votes stand so long, then it gets a share of its shoppers for five to eight",
      commands: [`npm run -s world -- up ${second}`, "npm run -s world -- status"],
    },
  ];
}

/** Reads of the catalog that show who answered; none without a CDN. */
function throughEdge(
  world: TourWorld,
  near: string,
  title: string,
  queries: readonly string[],
): readonly Step[] {
  const edge = world.edge(near);
  if (edge === undefined) return [];
  const told = "grep -iE '^(HTTP|x-cache|age|served-by)'";
  return [{ title, commands: queries.map((query) => `curl -si '${edge}/v1/products?${query}' | ${told}`) }];
}

/** Each of the tour's requests as a line of curl; products by their place among those shown. */
function commands({ api }: TourWorld, { cart, products }: Shown) {
  const ulid = monotonicFactory();
  const operation = () => `-H 'Idempotency-Key: ${ulid()}'`;
  const checkoutOperation = operation(); // one request, sent in two regions
  const session = '-H "Authorization: Bearer $TOKEN"';
  const json = (body: object) => `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'; echo`;
  const product = (index: number) => {
    const found = products[index % products.length];
    if (found === undefined) throw new Error("the catalog is empty: there is nothing to show");
    return found;
  };
  const line = (region: string, index: number) =>
    `${api(region)}/v1/carts/$CART/lines/${product(index).sku} ${session} ${operation()}`;
  const order = `${cart.replace("crt_", "ord_")}_0`;
  // what the cart holds by then, at the prices of then
  const bought = [
    { sku: product(0).sku, quantity: 5, unitMinor: newPriceMinor },
    ...[2, 3].map((index) => ({
      sku: product(index).sku,
      quantity: 1,
      unitMinor: product(index).euroMinor,
    })),
  ];

  return {
    read: (region: string) => `curl -s ${api(region)}/v1/carts/$CART ${session}; echo`,
    add: (region: string, index: number, quantity: number) =>
      `curl -s -X POST ${api(region)}/v1/carts/$CART/lines ${session} ${operation()} ${json({ sku: product(index).sku, quantity })}`,
    set: (region: string, index: number, quantity: number) =>
      `curl -s -X PUT ${line(region, index)} ${json({ quantity })}`,
    remove: (region: string, index: number) => `curl -s -X DELETE ${line(region, index)}; echo`,
    price: (region: string, index: number, amountMinor: number) => {
      const { id, sku } = product(index);
      return `curl -s -X PUT ${api(region)}/v1/products/${id}/prices/${sku}/EUR -H "Authorization: Bearer $ADMIN" ${operation()} ${json({ amountMinor })}`;
    },
    checkout: (region: string) =>
      `curl -s -X POST ${api(region)}/v1/carts/$CART/checkout ${session} ${checkoutOperation} ${json({
        generation: 0,
        currency: "EUR",
        lines: bought,
        paymentMethod: "pm_card_visa",
        durability: "two-regions",
      })}`,
    cancel: (region: string) =>
      `curl -s -X POST ${api(region)}/v1/orders/${order}/cancellations ${session} ${operation()}; echo`,
    readOrder: (region: string) => `curl -s ${api(region)}/v1/orders/${order} ${session}; echo`,
  };
}

/** Of what is new here no function has run yet, and the machine is busy with all that has just started. */
const busyNote =
  "# On a slow machine a first request may take seconds, or be answered 503: send the same line again. With the same key it counts once.";

export function formatTour(steps: readonly Step[]): string {
  const lines = steps.flatMap(({ title, commands }, index) => [`# ${index + 1}. ${title}`, ...commands, ""]);
  return [busyNote, "", ...lines].join("\n");
}

async function getJson(url: string, init: RequestInit, ports: AskPorts): Promise<unknown> {
  const response = await askUntilServed(url, init, ports);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
