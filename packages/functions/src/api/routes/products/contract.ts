import { categorySlugs, currencyCodes, listingLimitDefault, listingLimitMax } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../contract.ts";

export const productSchema = z.strictObject({
  id: z.string(),
  category: z.enum(categorySlugs),
  title: z.string(),
  description: z.string(),
  media: z.array(z.strictObject({ url: z.string(), alt: z.string() })),
  variants: z.array(
    z.strictObject({
      sku: z.string(),
      title: z.string(),
      prices: z.array(z.strictObject({ amountMinor: z.int().min(0), currency: z.enum(currencyCodes) })),
    }),
  ),
});

export const productPageSchema = z.strictObject({
  items: z.array(productSchema),
  /** The next page's cursor; null on the last page. */
  next: z.string().nullable(),
});

const limitSchema = z
  .string()
  .regex(/^[0-9]{1,3}$/, "a whole number")
  .transform(Number)
  .pipe(z.int().min(1).max(listingLimitMax))
  .default(listingLimitDefault);

const listQuerySchema = z.strictObject({
  category: z.enum(categorySlugs).optional(),
  cursor: z.string().max(200).optional(),
  limit: limitSchema,
});

const nothing = z.strictObject({});
const noBody = z.undefined();

export const listProducts = {
  method: "GET",
  path: "/v1/products",
  summary: "Lists products, by category and id",
  security: "none",
  operation: false,
  params: nothing,
  query: listQuerySchema,
  body: noBody,
  answers: { 200: { description: "A page of products", schema: productPageSchema } },
  refusals: ["throttled", "unavailable"],
} as const satisfies Contract<object, z.infer<typeof listQuerySchema>, undefined>;

export const getProduct = {
  method: "GET",
  path: "/v1/products/:productId",
  summary: "Reads one product",
  security: "none",
  operation: false,
  params: z.strictObject({ productId: z.string() }),
  query: nothing,
  body: noBody,
  answers: {
    200: { description: "The product", schema: productSchema },
    304: { description: "The client has this version" },
  },
  refusals: ["product-not-found", "throttled", "unavailable"],
} as const satisfies Contract<{ productId: string }, object, undefined>;
