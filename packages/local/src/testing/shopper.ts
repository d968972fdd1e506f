import { monotonicFactory } from "ulid";
import * as z from "zod";

const cartSchema = z.object({
  id: z.string(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.number() })),
});
const createdSchema = z.object({ id: z.string(), session: z.object({ token: z.string() }) });

const productSchema = z.object({ id: z.string(), title: z.string() });
const pageSchema = z.object({ items: z.array(productSchema) });
const regionsSchema = z.object({ regions: z.array(z.object({ name: z.string() })) });

export type SeenProduct = z.infer<typeof productSchema>;

/** What anyone may read of a region's shop. */
export async function readProduct(api: string, id: string): Promise<SeenProduct> {
  return productSchema.parse(await (await fetch(`${api}/v1/products/${id}`)).json());
}

export async function listProducts(api: string, limit: number): Promise<readonly SeenProduct[]> {
  return pageSchema.parse(await (await fetch(`${api}/v1/products?limit=${limit}`)).json()).items;
}

export async function listRegionNames(api: string): Promise<readonly string[]> {
  const answer = await (await fetch(`${api}/v1/regions`)).json();
  return regionsSchema.parse(answer).regions.map(({ name }) => name);
}

export type SeenCart = z.infer<typeof cartSchema>;

/** A client of the shop that knows several regions and uses one at a time, over HTTP. */
export interface Shopper {
  readonly cartId: string;
  /** A new operation id, to be kept over retries. */
  operationId(): string;
  /** The status, or undefined when nothing answered. */
  add(
    region: string,
    line: { sku: string; quantity: number },
    operationId: string,
  ): Promise<number | undefined>;
  read(region: string): Promise<SeenCart>;
}

export async function createShopper(api: (region: string) => string, region: string): Promise<Shopper> {
  const created = createdSchema.parse(
    await (await fetch(`${api(region)}/v1/carts`, { method: "POST" })).json(),
  );
  const authorization = `Bearer ${created.session.token}`;
  const operationId = monotonicFactory();
  return {
    cartId: created.id,
    operationId: () => operationId(),
    async add(to, line, id) {
      try {
        const response = await fetch(`${api(to)}/v1/carts/${created.id}/lines`, {
          method: "POST",
          headers: { authorization, "content-type": "application/json", "idempotency-key": id },
          body: JSON.stringify(line),
        });
        await response.arrayBuffer();
        return response.status;
      } catch {
        return undefined; // the region is down: the caller goes to another
      }
    },
    async read(from) {
      const response = await fetch(`${api(from)}/v1/carts/${created.id}`, { headers: { authorization } });
      return cartSchema.parse(await response.json());
    },
  };
}
