import { isSku, type Sku } from "../ids/product-ids.ts";
import { type ItemValue, isCounter, isItemList, isItemMap } from "../items/item.ts";
import { type Currency, isCurrency } from "../money/money.ts";
import type { RegisterKind } from "../strategy/strategies.ts";
import { type Category, isCategory } from "./categories.ts";
import type { Media } from "./product.ts";

/** A variant without its prices, which are fields of their own. */
export interface VariantEntry {
  readonly sku: Sku;
  readonly title: string;
}

/** What each field of a product holds. Each is its own register, so that edits of different fields both survive. */
export interface FieldValues {
  readonly title: string;
  readonly description: string;
  readonly category: Category;
  readonly media: readonly Media[];
  readonly variants: readonly VariantEntry[];
}

export type PlainField = keyof FieldValues;

/** A price is a field of its own for each SKU and currency: the amount in minor units. */
export type PriceField = `price#${string}#${Currency}`;

export type FieldName = PlainField | PriceField;

export const plainFields = ["title", "description", "category", "media", "variants"] as const;

export function isPlainField(name: string): name is PlainField {
  return plainFields.some((field) => field === name);
}

export function priceField(sku: Sku, currency: Currency): PriceField {
  return `price#${sku}#${currency}`;
}

export function parsePriceField(
  name: string,
): { readonly sku: Sku; readonly currency: Currency } | undefined {
  const [prefix, sku = "", currency = "", ...rest] = name.split("#");
  return prefix === "price" && rest.length === 0 && isSku(sku) && isCurrency(currency)
    ? { sku, currency }
    : undefined;
}

export function isFieldName(name: string): name is FieldName {
  return isPlainField(name) || parsePriceField(name) !== undefined;
}

/** Which line of the strategy table a field goes by. */
export function registerKind(field: FieldName): RegisterKind {
  return isPlainField(field) ? `product.${field}` : "product.price";
}

const fieldRank = (field: FieldName) =>
  isPlainField(field) ? plainFields.indexOf(field) : plainFields.length;

/** The plain fields in their order, then the prices by name. */
export function compareFields(left: FieldName, right: FieldName): number {
  const byRank = fieldRank(left) - fieldRank(right);
  return byRank !== 0 ? byRank : Number(left > right) - Number(left < right);
}

function readMap<T>(
  value: ItemValue,
  read: (map: { readonly [name: string]: ItemValue }) => T | undefined,
): T | undefined {
  return isItemMap(value) ? read(value) : undefined;
}

function readList<T>(value: ItemValue, read: (member: ItemValue) => T | undefined): readonly T[] | undefined {
  if (!isItemList(value)) {
    return undefined;
  }
  const members: T[] = [];
  for (const member of value) {
    const read1 = read(member);
    if (read1 === undefined) {
      return undefined;
    }
    members.push(read1);
  }
  return members;
}

function readMedia(value: ItemValue): Media | undefined {
  return readMap(value, ({ url, alt }) =>
    typeof url === "string" && typeof alt === "string" ? { url, alt } : undefined,
  );
}

function readVariant(value: ItemValue): VariantEntry | undefined {
  return readMap(value, ({ sku, title }) =>
    typeof sku === "string" && isSku(sku) && typeof title === "string" ? { sku, title } : undefined,
  );
}

const readString = (value: ItemValue) => (typeof value === "string" ? value : undefined);

/** Each field's reader: `undefined` for a value that the field cannot hold. */
export const fieldReaders: {
  readonly [Field in PlainField]: (value: ItemValue) => FieldValues[Field] | undefined;
} = {
  title: readString,
  description: readString,
  category: (value) => (typeof value === "string" && isCategory(value) ? value : undefined),
  media: (value) => readList(value, readMedia),
  variants: (value) => readList(value, readVariant),
};

/** Whether the field can hold the value. */
export function holds(field: FieldName, value: ItemValue): boolean {
  return isPlainField(field) ? fieldReaders[field](value) !== undefined : isCounter(value);
}
