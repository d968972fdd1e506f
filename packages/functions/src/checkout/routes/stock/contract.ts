import { deliveryUnitsMax, isRegionName } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../../api/contract.ts";
import { sellingWords } from "../../../control/selling-rights.ts";

const skuParams = z.strictObject({ sku: z.string() });

export type SkuParams = z.infer<typeof skuParams>;

const nothing = z.strictObject({});

/** Units that may be sold now, by what this region has seen. */
export const availabilitySchema = z.strictObject({
  sku: z.string(),
  here: z.int().min(0),
  elsewhere: z.int().min(0),
  /** Whether this region sells at all; where it does not, nothing may be sold here. */
  selling: z.enum(sellingWords),
});

const cellSchema = z.strictObject({
  cell: z.string(),
  available: z.int(),
  held: z.int(),
  sold: z.int(),
  restocked: z.int(),
  granted: z.record(z.string(), z.int()),
  absorbed: z.record(z.string(), z.int()),
});

export const stockCellsSchema = z.strictObject({ sku: z.string(), cells: z.array(cellSchema) });

export const getStock = {
  method: "GET",
  path: "/v1/stock/:sku",
  summary: "How many units of a SKU may be sold, here and elsewhere",
  security: "none",
  operation: false,
  params: skuParams,
  query: nothing,
  body: z.undefined(),
  answers: { 200: { description: "What this region has seen", schema: availabilitySchema } },
  refusals: ["sku-not-found", "throttled", "unavailable"],
} as const satisfies Contract<SkuParams, object, undefined>;

export const getStockCells = {
  method: "GET",
  path: "/v1/stock/:sku/cells",
  summary: "The rights that each region's cells hold, as this region has seen them",
  security: "admin",
  operation: false,
  params: skuParams,
  query: nothing,
  body: z.undefined(),
  answers: { 200: { description: "Every cell of the SKU", schema: stockCellsSchema } },
  refusals: ["sku-not-found", "throttled", "unavailable"],
} as const satisfies Contract<SkuParams, object, undefined>;

const deliverySchema = z.strictObject({
  /** Where the units are: the region whose cell gets the right to sell them. */
  region: z.string().refine(isRegionName, "not a region of this shop"),
  quantity: z.int().min(1).max(deliveryUnitsMax),
});

export type Delivery = z.infer<typeof deliverySchema>;

export const deliveredSchema = z.strictObject({
  delivery: z.string(),
  sku: z.string(),
  region: z.string(),
  quantity: z.int().min(1),
});

export const deliver = {
  method: "POST",
  path: "/v1/stock/:sku/deliveries",
  summary: "Takes units into a region's stock, once for each operation id",
  security: "admin",
  operation: true,
  untagged: true,
  params: skuParams,
  query: nothing,
  body: deliverySchema,
  answers: { 201: { description: "The delivery, counted", schema: deliveredSchema } },
  refusals: ["sku-not-found", "region-away", "operation-id-reused", "throttled", "contended", "unavailable"],
} as const satisfies Contract<SkuParams, object, Delivery>;
