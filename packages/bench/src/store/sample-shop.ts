import {
  type CartId,
  type CartItem,
  type CartOperation,
  type Cells,
  cartExpiresAtSeconds,
  emptyCell,
  isCartId,
  isOperationId,
  isOrigin,
  isProductId,
  isSku,
  makeCellId,
  newestCells,
  type OperationId,
  type Origin,
  type Product,
  type ProductId,
  productToItems,
  regions,
  type Sku,
} from "@antipode/core";

function checked<T extends string>(text: string, is: (text: string) => text is T): T {
  if (!is(text)) {
    throw new Error(`malformed: ${text}`);
  }
  return text;
}

const base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function digits(value: number, count: number): string {
  let text = "";
  for (let rest = value; text.length < count; rest = Math.floor(rest / 32)) {
    text = base32.charAt(rest % 32) + text;
  }
  return text;
}

/** A ULID of that time, with the number as its random part. */
const ulidAt = (ms: number, number: number) => digits(ms, 10) + digits(number, 16);

export const origins: readonly Origin[] = regions.map(({ name }) => checked(`${name}#1`, isOrigin));
export const [homeOrigin = checked("us-east-1#1", isOrigin)] = origins;

export const skuAt = (number: number): Sku => checked(`SKU-${String(number).padStart(4, "0")}`, isSku);
export const productIdAt = (number: number): ProductId => checked(`desk-lamp-${number}`, isProductId);
export const operationIdAt = (ms: number, number: number) => checked(ulidAt(ms, number), isOperationId);
/** A cart of the first shopper, unless another is named. */
export const cartIdAt = (ms: number, number: number, shopper = 1) =>
  checked(`crt_${ulidAt(ms, shopper)}_${ulidAt(ms, number)}`, isCartId);

const currencies = ["EUR", "GBP", "INR", "USD"] as const;
const colours = ["Black", "Brass", "Green", "White"] as const;

/** Four variants with four prices each, as the seed catalog's products are. */
export function sampleProduct(number: number): Product {
  const id = productIdAt(number);
  return {
    id,
    category: "home",
    title: `Desk lamp ${number}`,
    description:
      "A lamp with a heavy foot and a long arm that stays where it is put. The shade turns all the way round.",
    media: [1, 2, 3].map((view) => ({
      url: `/media/products/${id}/${view}.webp`,
      alt: `Desk lamp, ${view}`,
    })),
    variants: colours.map((title, place) => ({
      sku: checked(`LAMP-${number}-${title.toUpperCase()}`, isSku),
      title,
      prices: currencies.map((currency, step) => ({ amountMinor: 4_900 + 100 * (place + step), currency })),
    })),
  };
}

export function sampleProductItems(number: number, nowMs: number) {
  return productToItems(sampleProduct(number), homeOrigin, { ms: nowMs, counter: 0, origin: homeOrigin });
}

/** The variant of a product that is sold in the samples of checkouts. */
export const soldSkuAt = (number: number): Sku => checked(`LAMP-${number}-BLACK`, isSku);

/** One cell in each region, each with so many units. */
export function sampleCells(sku: Sku, units: number, nowMs: number): Cells {
  return newestCells(
    origins.map((origin) => ({
      ...emptyCell(sku, makeCellId(origin, 0)),
      counter: 1,
      restocked: units,
      available: units,
      touchedAtMs: nowMs,
    })),
  );
}

/** The items of a cart of so many lines, each line added in the next region. */
export function sampleCart(
  cartId: CartId,
  nowMs: number,
  lines: number,
  firstOperation = 1_000,
  skuOf: (line: number) => Sku = skuAt,
): readonly CartItem[] {
  return origins.map((origin, place) => {
    const mine = Array.from({ length: lines }, (_, line) => line).filter(
      (line) => line % origins.length === place,
    );
    const operations = mine.map((line): [OperationId, CartOperation] => [
      operationIdAt(nowMs, firstOperation + line),
      { sku: skuOf(line), kind: "+", quantity: 1 + (line % 5) },
    ]);
    return {
      cartId,
      origin,
      counter: Math.max(1, mine.length),
      generation: 0,
      operations: new Map(operations),
      merges: new Map(),
      cancelled: new Set(),
      ordered: new Map(),
      touchedAtMs: nowMs,
      expiresAtSeconds: cartExpiresAtSeconds(cartId),
    };
  });
}
