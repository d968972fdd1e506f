import { categorySlugs, currencyCodes, listingLimitDefault, listingLimitMax } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../contract.ts";
import type { ProblemName } from "../../problems.ts";
import {
  newPriceSchema,
  newProductSchema,
  productChangesSchema,
  productPageSchema,
  productSchema,
  settlementSchema,
} from "./schemas.ts";

export {
  conflictSchema,
  conflictValueSchema,
  newPriceSchema,
  newProductSchema,
  productChangesSchema,
  productPageSchema,
  productSchema,
  settlementSchema,
} from "./schemas.ts";

const listQuerySchema = z.strictObject({
  category: z.enum(categorySlugs).optional(),
  cursor: z.string().max(200).optional(),
  limit: limitSchema(listingLimitMax, listingLimitDefault),
});

/** A page's size in a query. */
export function limitSchema(max: number, byDefault: number) {
  return z
    .string()
    .regex(/^[0-9]{1,3}$/, "a whole number")
    .transform(Number)
    .pipe(z.int().min(1).max(max))
    .default(byDefault);
}

/** A whole product at its limits, in UTF-8 and escaped where JSON must. */
const productBytesMax = 256 * 1024;

const nothing = z.strictObject({});
const noBody = z.undefined();
const productParams = z.strictObject({ productId: z.string() });
const priceParams = z.strictObject({
  productId: z.string(),
  sku: z.string(),
  currency: z.enum(currencyCodes),
});

const edited = { description: "The product with this edit in it", schema: productSchema };

const editRefusals = [
  "product-not-found",
  "version-changed",
  "operation-too-old",
  "operation-too-far-ahead",
  "operation-id-reused",
  "product-full",
  "contended",
  "not-covered",
  "throttled",
  "unavailable",
] as const satisfies readonly ProblemName[];

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
  consistency: true,
  params: productParams,
  query: nothing,
  body: noBody,
  answers: {
    200: { description: "The product", schema: productSchema },
    304: { description: "The client has this version" },
  },
  refusals: ["product-not-found", "not-covered", "throttled", "unavailable"],
} as const satisfies Contract<{ productId: string }, object, undefined>;

export const createProduct = {
  method: "POST",
  path: "/v1/products",
  summary: "Adds a product, once for each operation id",
  security: "admin",
  operation: true,
  bodyBytesMax: productBytesMax,
  params: nothing,
  query: nothing,
  body: newProductSchema,
  answers: { 201: { description: "The product", schema: productSchema } },
  refusals: [
    "product-exists",
    "operation-too-old",
    "operation-too-far-ahead",
    "operation-id-reused",
    "product-full",
    "contended",
    "throttled",
    "unavailable",
  ],
} as const satisfies Contract<object, object, z.infer<typeof newProductSchema>>;

export const editProduct = {
  method: "PATCH",
  path: "/v1/products/:productId",
  summary: "Changes some fields of a product",
  security: "admin",
  operation: true,
  consistency: true,
  ifMatch: true,
  bodyBytesMax: productBytesMax,
  params: productParams,
  query: nothing,
  body: productChangesSchema,
  answers: { 200: edited },
  refusals: editRefusals,
} as const satisfies Contract<{ productId: string }, object, z.infer<typeof productChangesSchema>>;

export const setPrice = {
  method: "PUT",
  path: "/v1/products/:productId/prices/:sku/:currency",
  summary: "Sets the price of a variant in a currency",
  security: "admin",
  operation: true,
  consistency: true,
  ifMatch: true,
  params: priceParams,
  query: nothing,
  body: newPriceSchema,
  answers: { 200: edited },
  refusals: [...editRefusals, "variant-not-found"],
} as const satisfies Contract<z.infer<typeof priceParams>, object, z.infer<typeof newPriceSchema>>;

export const settleConflict = {
  method: "POST",
  path: "/v1/products/:productId/settlements",
  summary: "Replaces the concurrent edits of a field by one value",
  security: "admin",
  operation: true,
  consistency: true,
  ifMatch: true,
  bodyBytesMax: productBytesMax,
  params: productParams,
  query: nothing,
  body: settlementSchema,
  answers: { 200: edited },
  refusals: [...editRefusals, "conflict-not-found", "conflict-changed"],
} as const satisfies Contract<{ productId: string }, object, z.infer<typeof settlementSchema>>;
