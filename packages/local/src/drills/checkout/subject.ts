import type { DrillContext } from "../drill.ts";
import { askUntilAnswered } from "../request.ts";
import { deliver, type ShopClient } from "./client.ts";

export const drillCurrency = "EUR";

/** What is sold in a drill: a product of its own, so that nothing else sells its units or sets its price. */
export interface Subject {
  readonly skus: readonly string[];
  readonly unitMinor: number;
}

export interface SubjectOptions {
  /** `drill-flash-sale`; each run adds its own ending. */
  readonly product: string;
  readonly variants: number;
  readonly unitMinor: number;
}

/** Adds the product, and waits until every region sells it. */
export async function addSubject(
  { world, regions: [home = ""] }: DrillContext,
  client: ShopClient,
  { product, variants, unitMinor }: SubjectOptions,
): Promise<Subject> {
  const ending = client.operationId().toLowerCase().slice(-12);
  const id = `${product}-${ending}`;
  const skus = Array.from({ length: variants }, (_, index) => `DRILL-${ending}-${index + 1}`.toUpperCase());
  await askUntilAnswered(world.api(home), {
    method: "POST",
    path: "/v1/products",
    headers: { authorization: `Bearer ${client.adminToken}`, "idempotency-key": client.operationId() },
    body: {
      id,
      category: "office",
      title: "For a drill",
      description: "",
      media: [],
      variants: skus.map((sku, index) => ({
        sku,
        title: `Variant ${index + 1}`,
        prices: [{ amountMinor: unitMinor, currency: drillCurrency }],
      })),
    },
  });
  await world.settled();
  return { skus, unitMinor };
}

/** A delivery and the regions that it is sent to, one after another: its own, others, and some of them again. */
export interface PlannedDelivery {
  readonly region: string;
  readonly quantity: number;
  readonly sentTo: readonly string[];
}

/** Takes deliveries in, and waits until every region has heard of them. */
export async function stockUp(
  { world }: DrillContext,
  client: ShopClient,
  { sku, deliveries }: { readonly sku: string; readonly deliveries: readonly PlannedDelivery[] },
): Promise<void> {
  await Promise.all(
    deliveries.map(async ({ region, quantity, sentTo }) => {
      const operationId = client.operationId();
      for (const to of sentTo) await deliver(client, to, { operationId, sku, region, quantity });
    }),
  );
  await world.settled();
}

/** The heartbeats of two rounds: one that all regions hear, and one that says that they did. */
const heartbeatRounds = 2;

/** A region sells under a lease that the others' echoes give it: a world that has just started has none yet. */
export async function awaitLeases({ world }: DrillContext): Promise<void> {
  for (let round = 0; round < heartbeatRounds; round += 1) {
    const outcome = await world.run("Heartbeat");
    if (!outcome.ok) throw new Error(`the world runs no ${outcome.error.name}`);
    await world.settled();
  }
}
