import {
  editsKey,
  type Items,
  type Origin,
  type Product,
  type ProductId,
  planEdit,
  productPartition,
  productToItems,
} from "@antipode/core";
import {
  createFakeItems,
  type FakeItems,
  operationId,
  origin,
  replicateAll,
  ulidAt,
} from "@antipode/core/testing";
import { rebuildView } from "../dispatcher/catalog/rebuild-view.ts";
import { editsOf, rebuildDeps } from "./catalog.ts";
import {
  type Deliver,
  type Edit,
  type OfferStep,
  offerProducts,
  offerRegions,
  offerSkus,
  type Rebuild,
} from "./offer-steps.ts";
import { startMs } from "./test-world.ts";

export interface OfferPlay {
  readonly regions: readonly FakeItems[];
  play(steps: readonly OfferStep[]): Promise<void>;
  /** Everything arrives everywhere, and each arrival is dispatched once: the products in turn, beginning with `first`. */
  settle(first: number): Promise<readonly string[]>;
}

export interface PlayOptions {
  /** Writes in one transaction. */
  readonly writesMax?: number;
  /** Looks at a region whenever anything may have changed there. */
  readonly watch?: (region: FakeItems) => void;
}

/** An import of everything, two SKUs of which two products name. */
const importer: Origin = origin("sa-east-1#1");
const imported = offerProducts.map((id, index) => {
  const variants = offerSkus
    .filter((_, place) => place !== index)
    .map((sku) => ({ sku, title: sku, prices: [{ amountMinor: 100, currency: "EUR" }] as const }));
  const product: Product = { id, category: "home", title: "Lamp", description: "", media: [], variants };
  return productToItems(product, importer, { ms: startMs, counter: 0, origin: importer }).catalog;
});

class Crash extends Error {}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) {
    throw new Error(`nothing at ${index}`);
  }
  return one;
}

const itemsOf = (region: FakeItems, id: ProductId) =>
  region.dump("Catalog").filter(({ pk }) => pk === productPartition(id));

/** The store as one rebuild sees it: other things happen between two of its calls, and it may end at one. */
function disturbed(
  items: FakeItems,
  step: Rebuild,
  happen: (steps: readonly OfferStep[]) => Promise<void>,
): { readonly items: Items; readonly happened: () => Promise<void> } {
  let calls = 0;
  let happening = Promise.resolve();
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    const number = calls;
    calls += 1;
    if (step.between?.call === number) {
      happening = happen(step.between.steps);
    }
    await happening; // also for those that were sent beside that call
    const crashes = step.crash?.call === number;
    if (crashes && step.crash.after) {
      await send();
    }
    if (crashes) {
      throw new Crash();
    }
    return send();
  };
  return {
    items: {
      ...items,
      get: (...args) => call(() => items.get(...args)),
      queryPartition: (...args) => call(() => items.queryPartition(...args)),
      put: (...args) => call(() => items.put(...args)),
      transact: (...args) => call(() => items.transact(...args)),
    },
    happened: () => happening,
  };
}

function createEditor(regions: readonly FakeItems[]) {
  let edits = 0;
  return ({ at: region, product, change, skewMs }: Edit): void => {
    edits += 1;
    const items = at(regions, region);
    const id = at(offerProducts, product);
    const plan = planEdit(editsOf(itemsOf(items, id)), items.origin, {
      productId: id,
      operationId: operationId(ulidAt(startMs, edits)),
      changes: [change],
      nowMs: startMs + 60_000 * edits + skewMs,
    });
    if (plan.type !== "write") {
      throw new Error(plan.type);
    }
    items.load("Catalog", [plan.item]);
  };
}

function deliver(regions: readonly FakeItems[], { from, to, product }: Deliver): void {
  const { sk } = editsKey(at(offerProducts, product), at(regions, from).origin);
  const found = itemsOf(at(regions, from), at(offerProducts, product)).filter((item) => item.sk === sk);
  at(regions, to).load("Catalog", found);
}

/** Three regions that import, edit, replicate and rebuild, through the shipped rebuild. */
export function createOfferPlay({ writesMax, watch = () => {} }: PlayOptions = {}): OfferPlay {
  const regions = offerRegions.map(createFakeItems);
  for (const region of regions) {
    region.load("Catalog", imported);
  }
  const edit = createEditor(regions);
  const limits = writesMax === undefined ? {} : { writesMax };

  async function rebuild(step: Rebuild): Promise<void> {
    const items = at(regions, step.at);
    const id = at(offerProducts, step.product);
    const known = step.known ? { known: itemsOf(items, id) } : {};
    const store = disturbed(items, step, play);
    try {
      await rebuildView(rebuildDeps(store.items), id, { ...known, ...limits, force: step.force });
    } catch (error) {
      if (!(error instanceof Crash)) {
        throw error;
      }
    }
    await store.happened();
  }

  async function play(steps: readonly OfferStep[]): Promise<void> {
    for (const step of steps) {
      if (step.type === "edit") {
        edit(step);
      } else if (step.type === "deliver") {
        deliver(regions, step);
      } else {
        await rebuild(step);
      }
      regions.forEach(watch);
    }
  }

  async function settle(first: number): Promise<readonly string[]> {
    replicateAll(regions, "Catalog");
    const outcomes: string[] = [];
    for (const items of regions) {
      for (const index of offerProducts.keys()) {
        const id = at(offerProducts, (first + index) % offerProducts.length);
        const outcome = await rebuildView(rebuildDeps(items), id, limits);
        outcomes.push(outcome.ok ? outcome.value : outcome.error.reason);
        watch(items);
      }
    }
    return outcomes;
  }

  return { regions, play, settle };
}
