import * as z from "zod";
import { type Attempt, attempt, attemptAlong, isFinalRefusal, vectorOf } from "../attempt.ts";
import { type Answer, askUntilAnswered, type ShopRequest } from "../request.ts";
import type { Edit, EditValue, ProductSight, ShownConflict } from "./history.ts";

const conflictSchema = z.object({
  id: z.string(),
  field: z.string(),
  sku: z.string().optional(),
  currency: z.string().optional(),
  values: z.array(
    z.object({ value: z.unknown(), stamp: z.string(), operationId: z.string(), served: z.boolean() }),
  ),
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
const pageSchema = z.object({ items: z.array(productSchema) });
const feedSchema = z.object({
  items: z.array(conflictSchema.extend({ product: z.string() })),
  next: z.string().nullable(),
});

export type SeenProduct = z.infer<typeof productSchema>;
export type FedConflict = ShownConflict & { readonly product: string };

/** Writes down what happens, in the order in which it happens. */
export interface EditNotebook {
  readonly sequence: () => number;
  readonly edits: Edit[];
  readonly sights: ProductSight[];
}

export interface ProductClient {
  readonly api: (region: string) => string;
  readonly notebook: EditNotebook;
  readonly adminToken: string;
  readonly operationId: () => string;
}

const feedPageMax = 100;
/** Enough for every conflict that the longest drill can make. */
const feedPagesMax = 200;

export async function listProducts(api: string, limit: number): Promise<readonly SeenProduct[]> {
  const reply = await askUntilAnswered(api, { method: "GET", path: `/v1/products?limit=${limit}` });
  return pageSchema.parse(reply.body).items;
}

export async function readProduct(
  { api, notebook }: Pick<ProductClient, "api" | "notebook">,
  region: string,
  { id, barrier }: { readonly id: string; readonly barrier: boolean },
): Promise<{ readonly product: SeenProduct; readonly sight: ProductSight }> {
  const reply = await askUntilAnswered(api(region), { method: "GET", path: `/v1/products/${id}` });
  const sight = { product: id, at: notebook.sequence(), vector: vectorOf(reply.headers), barrier };
  notebook.sights.push(sight);
  return { product: productSchema.parse(reply.body), sight };
}

/** The whole feed of a region, page by page. */
export async function readFeed(
  { api, adminToken }: Pick<ProductClient, "api" | "adminToken">,
  region: string,
): Promise<readonly FedConflict[]> {
  const found: FedConflict[] = [];
  let cursor = "";
  for (let page = 0; page < feedPagesMax; page += 1) {
    const { body } = await askUntilAnswered(api(region), {
      method: "GET",
      path: `/v1/conflicts?limit=${feedPageMax}${cursor}`,
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const { items, next } = feedSchema.parse(body);
    found.push(...items.map((item) => ({ ...shown(item), product: item.product })));
    if (next === null) return found;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  throw new Error(`${region}'s feed of conflicts has no end`);
}

type Shown = z.infer<typeof conflictSchema>;

/** With the field's whole name, as the drill's own edits have it. */
function shown({ id, field, sku, currency, values }: Shown): ShownConflict {
  return { id, field: field === "price" ? `price#${sku}#${currency}` : field, values };
}

export function conflictOf(product: SeenProduct, field: string): ShownConflict | undefined {
  return product.conflicts.map(shown).find((conflict) => conflict.field === field);
}

export function fieldValue(product: SeenProduct, field: string): EditValue | undefined {
  if (field === "title") return product.title;
  const [, sku, currency] = field.split("#");
  const variant = product.variants.find((one) => one.sku === sku);
  return variant?.prices.find((price) => price.currency === currency)?.amountMinor;
}

export interface EditWish {
  readonly name: string;
  readonly product: string;
  readonly field: string;
  readonly value: EditValue;
  /** The conflict that is to be settled; without, an edit of the field. */
  readonly settles?: string;
  readonly route: readonly string[];
  readonly repeatIn?: string;
}

/** Sends an edit until some region says what became of it, and writes it down. */
export async function sendEdit(wish: EditWish, client: ProductClient): Promise<void> {
  const { name, product, field, value, route, repeatIn } = wish;
  const { notebook } = client;
  const operationId = client.operationId();
  const request: ShopRequest = {
    ...requestOf(wish),
    headers: { authorization: `Bearer ${client.adminToken}`, "idempotency-key": operationId },
  };
  const options = {
    api: client.api,
    sequence: notebook.sequence,
    onAnswer: (answer: Answer, _region: string, at: number) =>
      void notebook.sights.push({ product, at, vector: vectorOf(answer.headers), barrier: false }),
  };
  let attempts: readonly Attempt[] = await attemptAlong(route, request, options);
  if (repeatIn !== undefined && !attempts.some(isFinalRefusal)) {
    attempts = [...attempts, await attempt(repeatIn, request, options)];
  }
  notebook.edits.push({ name, product, field, value, operationId, attempts });
}

function requestOf({ product, field, value, settles }: EditWish): ShopRequest {
  const path = `/v1/products/${product}`;
  if (settles !== undefined) {
    return { method: "POST", path: `${path}/settlements`, body: { conflict: settles, value } };
  }
  if (field === "title") return { method: "PATCH", path, body: { title: value } };
  const [, sku, currency] = field.split("#");
  return { method: "PUT", path: `${path}/prices/${sku}/${currency}`, body: { amountMinor: value } };
}
