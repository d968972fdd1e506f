/** What to try in a running world: lines that work when pasted in order, into one shell. */
import { monotonicFactory } from "ulid";
import * as z from "zod";

export interface TourWorld {
  readonly regions: readonly string[];
  api(region: string): string;
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

/** Makes a cart through the API and writes the tour around it. */
export async function createTour(world: TourWorld): Promise<readonly Step[]> {
  const [first = "", second = first, third = first] = world.regions;
  const created = createdCart.parse(await getJson(`${world.api(first)}/v1/carts`, { method: "POST" }));
  const listed = listedProducts.parse(await getJson(`${world.api(first)}/v1/products?limit=${skusNeeded}`));
  const skus = listed.items.map((product) => product.variants[0]?.sku ?? "");
  const ulid = monotonicFactory();
  const session = '-H "Authorization: Bearer $TOKEN"';
  const json = "-H 'Content-Type: application/json'";
  const operation = () => `-H 'Idempotency-Key: ${ulid()}'`;
  const sku = (index: number) => skus[index % skus.length] ?? "";
  const euros = (index: number) =>
    listed.items[index % skus.length]?.variants[0]?.prices.find(({ currency }) => currency === "EUR")
      ?.amountMinor ?? 0;

  const add = (region: string, index: number, quantity: number) =>
    [
      `curl -s -X POST ${world.api(region)}/v1/carts/$CART/lines ${session} ${operation()} ${json}`,
      `-d '{"sku":"${sku(index)}","quantity":${quantity}}'; echo`,
    ].join(" ");
  const line = (region: string, index: number) =>
    `${world.api(region)}/v1/carts/$CART/lines/${sku(index)} ${session} ${operation()}`;
  const price = `${world.api(second)}/v1/products/${listed.items[0]?.id}/prices/${skus[0]}/EUR`;
  // what the cart holds by then, at the prices of then
  const bought = [
    { sku: sku(0), quantity: 5, unitMinor: newPriceMinor },
    { sku: sku(2), quantity: 1, unitMinor: euros(2) },
    { sku: sku(3), quantity: 1, unitMinor: euros(3) },
  ];
  const order = {
    currency: "EUR",
    lines: bought,
    paymentMethod: "pm_card_visa",
    durability: "two-regions",
  };
  const checkoutKey = operation();
  const checkout = (region: string) =>
    [
      `curl -s -X POST ${world.api(region)}/v1/carts/$CART/checkout ${session} ${checkoutKey} ${json}`,
      `-d '${JSON.stringify(order)}'`,
    ].join(" ");
  const orderId = created.id.replace("crt_", "ord_");
  const read = (region: string) => `curl -s ${world.api(region)}/v1/carts/$CART ${session}; echo`;

  return [
    { title: "List products", commands: [`curl -s '${world.api(first)}/v1/products?limit=2'; echo`] },
    {
      title: "A cart and its session, made a moment ago: another one comes from POST /v1/carts",
      commands: [
        `CART=${created.id}`,
        `TOKEN=${created.session.token}`,
        `curl -s -X POST ${world.api(first)}/v1/carts; echo`,
      ],
    },
    { title: `Add to it in ${first} and in ${second}`, commands: [add(first, 0, 1), add(second, 1, 2)] },
    { title: `Read it in ${third}`, commands: [read(third)] },
    {
      title:
        "Set one line and remove the other, each where it was not added; a moment later both are everywhere",
      commands: [
        `curl -s -X PUT ${line(second, 0)} -H 'Content-Type: application/json' -d '{"quantity":5}'; echo`,
        `curl -s -X DELETE ${line(first, 1)}; echo`,
        `sleep 1; ${read(third)}`,
      ],
    },
    {
      title: "Change a price as an operator",
      commands: [
        "ADMIN=$(npm run -s token)",
        [
          `curl -s -X PUT ${price} -H "Authorization: Bearer $ADMIN" ${operation()} ${json}`,
          `-d '{"amountMinor":${newPriceMinor}}'; echo`,
        ].join(" "),
      ],
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
      commands: [`${checkout(third)}; echo`],
    },
    {
      title: `The same request again in ${first} is the same order, charged once`,
      commands: [`sleep 1; ${checkout(first)}; echo`, "npm run -s world -- pay ledger"],
    },
    {
      title: `Cancel it in ${second}; ${third}, which owns it, gives the money back`,
      commands: [
        `curl -s -X POST ${world.api(second)}/v1/orders/${orderId}_0/cancellations ${session} ${operation()}; echo`,
        `sleep 2; curl -s ${world.api(second)}/v1/orders/${orderId}_0 ${session}; echo`,
      ],
    },
    {
      title: `Kill ${second}: the cart is still there`,
      commands: [`npm run -s world -- down ${second}`, read(third)],
    },
    { title: "Bring it back", commands: [`npm run -s world -- up ${second}`, "npm run -s world -- status"] },
  ];
}

export function formatTour(steps: readonly Step[]): string {
  return steps
    .flatMap(({ title, commands }, index) => [`# ${index + 1}. ${title}`, ...commands, ""])
    .join("\n");
}

async function getJson(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
