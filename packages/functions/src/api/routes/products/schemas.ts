import {
  amountMinorMax,
  categorySlugs,
  currencyCodes,
  descriptionCharsMax,
  isProductId,
  isSku,
  mediaAltCharsMax,
  mediaMax,
  mediaUrlCharsMax,
  mediaUrlPattern,
  titleCharsMax,
  variantsMax,
  variantTitleCharsMax,
} from "@antipode/core";
import * as z from "zod";

/** One of the concurrent edits of a field. */
export const conflictValueSchema = z.strictObject({
  /** As the field holds it: a text, media, variants, or an amount in the currency's minor unit. */
  value: z.unknown(),
  /** The region's incarnation that took the edit. */
  origin: z.string(),
  stamp: z.string(),
  /** What the editor had seen, the edit itself included. */
  clock: z.record(z.string(), z.int().min(1)),
  at: z.iso.datetime(),
  operationId: z.string(),
  /** Whether readers get this one. */
  served: z.boolean(),
});

/** Edits of one field, none of which had seen another. */
export const conflictSchema = z.strictObject({
  id: z.string(),
  field: z.enum(["title", "description", "category", "media", "variants", "price"]),
  /** Of a price. */
  sku: z.string().optional(),
  currency: z.enum(currencyCodes).optional(),
  /** Newest first. */
  values: z.array(conflictValueSchema).min(2),
});

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
  /** Edits of one field in several regions at a time that nobody has settled; usually none. */
  conflicts: z.array(conflictSchema),
});

export const productPageSchema = z.strictObject({
  items: z.array(productSchema),
  /** The next page's cursor; null on the last page. */
  next: z.string().nullable(),
});

/** A lone surrogate cannot be stored: what came back would be another text than the one that was sent. */
const text = (from: number, charsMax: number) =>
  z
    .string()
    .min(from)
    .max(charsMax)
    .refine((value) => value.isWellFormed(), "not well-formed Unicode");

const skuText = z.string().refine(isSku, "not a SKU such as DESK-LAMP-042-BLACK");

const eachOnce =
  <Name extends string>(name: Name) =>
  (members: readonly Readonly<Record<Name, string>>[]) =>
    new Set(members.map((member) => member[name])).size === members.length;

const titleSchema = text(1, titleCharsMax);
const descriptionSchema = text(0, descriptionCharsMax);
const categorySchema = z.enum(categorySlugs);

const mediaSchema = z
  .array(
    z.strictObject({
      url: z
        .string()
        .max(mediaUrlCharsMax)
        .regex(new RegExp(mediaUrlPattern), "not an encoded address")
        .refine((url) => /^(?:https?:\/\/[^/\\]|\/(?![/\\]))/i.test(url), "neither a web address nor a path"),
      alt: text(0, mediaAltCharsMax),
    }),
  )
  .max(mediaMax);

const variantEntry = { sku: skuText, title: text(0, variantTitleCharsMax) };

const variantsSchema = z
  .array(z.strictObject(variantEntry))
  .min(1)
  .max(variantsMax)
  .refine(eachOnce("sku"), "each SKU once");

export const amountSchema = z.int().min(0).max(amountMinorMax);

const pricesSchema = z
  .array(z.strictObject({ amountMinor: amountSchema, currency: z.enum(currencyCodes) }))
  .max(currencyCodes.length)
  .refine(eachOnce("currency"), "each currency once");

/** What a settlement may choose for a field: the same as an edit of it. */
export const fieldSchemas = {
  title: titleSchema,
  description: descriptionSchema,
  category: categorySchema,
  media: mediaSchema,
  variants: variantsSchema,
} as const;

export const newProductSchema = z.strictObject({
  id: z.string().refine(isProductId, "not a product id such as desk-lamp-042"),
  ...fieldSchemas,
  variants: z
    .array(z.strictObject({ ...variantEntry, prices: pricesSchema }))
    .min(1)
    .max(variantsMax)
    .refine(eachOnce("sku"), "each SKU once"),
});

export const productChangesSchema = z
  .strictObject({
    title: titleSchema.optional(),
    description: descriptionSchema.optional(),
    category: categorySchema.optional(),
    media: mediaSchema.optional(),
    variants: variantsSchema.optional(),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), "at least one field");

export const newPriceSchema = z.strictObject({ amountMinor: amountSchema });

export const settlementSchema = z.strictObject({
  /** The conflict's id, as the product or the feed shows it. */
  conflict: z.string().min(1).max(2_500),
  /** Any value that the field can hold, one of the conflict's or another. */
  value: z.unknown(),
});
