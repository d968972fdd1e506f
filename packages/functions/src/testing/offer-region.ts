import { itemToOffer, offerKey, type Product, type ProductId, productToItems } from "@antipode/core";
import { createFakeItems, productId, sku } from "@antipode/core/testing";
import { rebuildView } from "../dispatcher/catalog/rebuild-view.ts";
import { lamp, nextItem, rebuildDeps, us } from "./catalog.ts";
import { startMs } from "./test-world.ts";

export const skus = (count: number) => Array.from({ length: count }, (_, at) => sku(`LAMP-${at}`));

export function variantsOf(count: number): Product["variants"] {
  return skus(count).map((one) => ({
    sku: one,
    title: one,
    prices: [{ amountMinor: 100, currency: "EUR" as const }],
  }));
}

/** The items of a product that us-east-1 made. */
export const made = (product: Product) =>
  productToItems(product, us, { ms: startMs, counter: 0, origin: us });

/** A region whose replica holds these products, and whose views are empty. */
export function offerRegion(...products: readonly Product[]) {
  const items = createFakeItems(us);
  items.load(
    "Catalog",
    products.map((product) => made(product).catalog),
  );
  const deps = rebuildDeps(items);
  const rebuild = async (id: ProductId = lamp.id) => {
    const before = items.operations.length;
    const outcome = await rebuildView(deps, id);
    return { outcome, calls: items.operations.slice(before) };
  };
  /** Edits the product in the region, as its api would. */
  const edit = (changes: Parameters<typeof nextItem>[2], id: ProductId = lamp.id) => {
    const seen = items.dump("Catalog").filter(({ pk }) => pk === `PRODUCT#${id}`);
    const item = nextItem(seen, us, changes);
    items.load("Catalog", [{ ...item, pk: `PRODUCT#${id}` }]);
  };
  const offer = (at = 0) => {
    const item = items.dump("Views").find(({ pk }) => pk === offerKey(sku(`LAMP-${at}`)).pk);
    const read = item && itemToOffer(item);
    if (read?.ok === false) {
      throw new Error(read.error.reason);
    }
    return read?.value;
  };
  const counters = () => skus(3).map((_, at) => offer(at)?.counter);
  return { items, deps, rebuild, edit, offer, counters };
}

export const three = { ...lamp, variants: variantsOf(3) };

export const other: Product = { ...lamp, id: productId("a-lamp"), title: "Other", variants: variantsOf(1) };

export type OfferRegion = ReturnType<typeof offerRegion>;
