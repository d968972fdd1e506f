import {
  err,
  type ItemKey,
  partitionToProductId,
  type Result,
  type ScanPage,
  type StoredItem,
} from "@antipode/core";
import {
  type RebuildDeps,
  type RebuildFailure,
  type Rebuilt,
  rebuildView,
} from "../dispatcher/catalog/rebuild-view.ts";
import type { Delay } from "../platform/clock.ts";
import { countFailure, countOutcome, emptyTally, type Tally } from "./tally.ts";

export interface WalkDeps extends RebuildDeps {
  readonly delay: Delay;
}

export interface Walked {
  readonly tally: Tally;
  /** Where the time was over; absent at the catalog's end. */
  readonly next?: ItemKey;
}

/** Edits: some dozen products, done within a second or two, so that the time is looked at often. */
const pageItems = 100;

/** Products rebuilt at once, as many as a dispatcher does: the store is shared with shoppers. */
const productsAtOnce = 8;

/** No further page is begun when less is left: time for a page of slow products, and for the answer. */
export const timeNeededMs = 60_000;

/** A passing fault of the store is over within seconds, or lasts longer than a run should wait for it. */
const attemptsMax = 3;
const attemptDelayMs = 1_000;

async function readPage({ items, delay }: WalkDeps, after: ItemKey | undefined): Promise<ScanPage> {
  for (let attempt = 1; ; attempt += 1) {
    const page = await items.scan("Catalog", { limit: pageItems, ...(after === undefined ? {} : { after }) });
    if (page.ok) {
      return page.value;
    }
    if (attempt === attemptsMax) {
      throw new Error(`the catalog cannot be read: ${page.error.type}`, { cause: page.error });
    }
    await delay(attemptDelayMs);
  }
}

/** A product's partition, and its items if the page surely had all of them. */
interface Found {
  readonly pk: string;
  readonly items?: readonly StoredItem[];
}

/**
 * The products of a page. A table is walked partition by partition, so only the last one may go on behind the page; the
 * first is left out when the page before ended in it.
 */
function productsOf({ items, next }: ScanPage, lastBefore: string | undefined): readonly Found[] {
  const byPartition = Map.groupBy(items, (item) => item.pk);
  const last = items.at(-1)?.pk;
  return [...byPartition]
    .filter(([pk]) => pk !== lastBefore)
    .map(([pk, own]) => (pk === last && next !== undefined ? { pk } : { pk, items: own }));
}

async function rebuildProduct(
  deps: WalkDeps,
  { pk, items }: Found,
): Promise<Result<Rebuilt, RebuildFailure>> {
  const id = partitionToProductId(pk);
  return id === undefined
    ? err({ reason: "not a product's partition", passing: false })
    : rebuildView(deps, id, items);
}

/** Rebuilds each, some at a time, and answers those that another try may bring through. */
async function rebuildEach(
  deps: WalkDeps,
  products: readonly Found[],
  tally: Tally,
  lastAttempt: boolean,
): Promise<readonly Found[]> {
  const again: Found[] = [];
  const waiting = products.values();
  const workers = Array.from({ length: productsAtOnce }, async () => {
    for (const product of waiting) {
      const outcome = await rebuildProduct(deps, product);
      if (outcome.ok) {
        countOutcome(tally, outcome.value);
      } else if (outcome.error.passing && !lastAttempt) {
        again.push({ pk: product.pk });
      } else {
        const { reason, cause } = outcome.error;
        countFailure(tally, product.pk, reason);
        deps.log.error("view not rebuilt", { product: product.pk, reason, cause });
      }
    }
  });
  await Promise.all(workers);
  return again;
}

async function rebuildAll(deps: WalkDeps, products: readonly Found[], tally: Tally): Promise<void> {
  let waiting = products;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > 1) {
      await deps.delay(attemptDelayMs);
    }
    waiting = await rebuildEach(deps, waiting, tally, attempt === attemptsMax);
  }
}

const isSameKey = (left: ItemKey | undefined, right: ItemKey) =>
  left?.pk === right.pk && left.sk === right.sk;

/**
 * Walks the region's replica of Catalog from a place on and rebuilds each product, until the end or until the time is
 * nearly over. A product that cannot be rebuilt is counted and passed over; a catalog that cannot be read throws.
 */
export async function walkCatalog(
  deps: WalkDeps,
  from: ItemKey | undefined,
  timeLeftMs: () => number,
): Promise<Walked> {
  const tally = emptyTally();
  let after = from;
  let lastPartition: string | undefined;
  do {
    const page = await readPage(deps, after);
    await rebuildAll(deps, productsOf(page, lastPartition), tally);
    lastPartition = page.items.at(-1)?.pk ?? lastPartition;
    if (page.next !== undefined && isSameKey(after, page.next)) {
      throw new Error("the scan of the catalog does not move on");
    }
    after = page.next;
  } while (after !== undefined && timeLeftMs() >= timeNeededMs);
  return { tally, ...(after === undefined ? {} : { next: after }) };
}
