import { monotonicFactory } from "ulid";
import * as z from "zod";
import type { World } from "../world/world.ts";

const conflictSchema = z.object({
  id: z.string(),
  field: z.string(),
  values: z.array(z.object({ value: z.unknown(), origin: z.string(), served: z.boolean() })),
});

const productSchema = z.object({
  id: z.string(),
  title: z.string(),
  variants: z.array(
    z.object({
      sku: z.string(),
      prices: z.array(z.object({ amountMinor: z.number(), currency: z.string() })),
    }),
  ),
  conflicts: z.array(conflictSchema),
});

const feedSchema = z.object({
  items: z.array(conflictSchema.extend({ product: z.string() })),
  next: z.string().nullable(),
});
const pageSchema = z.object({ items: z.array(productSchema), next: z.string().nullable() });

export type SeenConflict = z.infer<typeof conflictSchema>;
export type OperatedProduct = z.infer<typeof productSchema>;

/** Whoever keeps the catalog, over HTTP, in any region. */
export interface Operator {
  /** The whole catalog as a region lists it. */
  list(region: string): Promise<readonly OperatedProduct[]>;
  read(region: string, id: string): Promise<OperatedProduct>;
  create(region: string, product: unknown): Promise<OperatedProduct>;
  edit(region: string, id: string, changes: unknown): Promise<OperatedProduct>;
  setPrice(region: string, id: string, of: string, amountMinor: number): Promise<OperatedProduct>;
  settle(region: string, id: string, conflict: string, value: unknown): Promise<OperatedProduct>;
  feed(region: string): Promise<z.infer<typeof feedSchema>["items"]>;
}

export function createOperator(world: Pick<World, "api" | "adminToken">): Operator {
  const signed = world.adminToken({ name: "tester" });
  if (!signed.ok) throw new Error(signed.error.type);
  const authorization = `Bearer ${signed.value}`;
  const operationId = monotonicFactory();

  async function ask(region: string, path: string, method = "GET", body?: unknown): Promise<unknown> {
    const response = await fetch(`${world.api(region)}${path}`, {
      method,
      headers: {
        authorization,
        ...(method === "GET" ? {} : { "content-type": "application/json", "idempotency-key": operationId() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} in ${region}: ${JSON.stringify(answer)}`);
    return answer;
  }
  const product = async (answer: Promise<unknown>) => productSchema.parse(await answer);

  return {
    async list(region) {
      const products: OperatedProduct[] = [];
      let next: string | null = "";
      while (next !== null) {
        const path: string = `/v1/products?limit=100${next === "" ? "" : `&cursor=${next}`}`;
        const page: z.infer<typeof pageSchema> = pageSchema.parse(await ask(region, path));
        products.push(...page.items);
        next = page.next;
      }
      return products;
    },
    read: (region, id) => product(ask(region, `/v1/products/${id}`)),
    create: (region, body) => product(ask(region, "/v1/products", "POST", body)),
    edit: (region, id, changes) => product(ask(region, `/v1/products/${id}`, "PATCH", changes)),
    setPrice: (region, id, of, amountMinor) =>
      product(ask(region, `/v1/products/${id}/prices/${of}`, "PUT", { amountMinor })),
    settle: (region, id, conflict, value) =>
      product(ask(region, `/v1/products/${id}/settlements`, "POST", { conflict, value })),
    async feed(region) {
      return feedSchema.parse(await ask(region, "/v1/conflicts?limit=100")).items;
    },
  };
}
