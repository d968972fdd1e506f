import {
  err,
  type ItemKey,
  ok,
  partitionToProductId,
  type Result,
  type ScanPage,
  type StorageError,
  type StoredItem,
} from "@antipode/core";
import {
  isPassing,
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

export interface Walk {
  readonly from: ItemKey | undefined;
  readonly force: boolean;
  /** Whether products that a passing fault kept from being rebuilt may be counted as failed and left behind. */
  readonly mayPassOver: (kept: number, inPage: number) => boolean;
  readonly timeLeftMs: () => number;
}

export type WalkEnd =
  | { readonly type: "catalog-end" }
  /** Everything up to `at` is done; nothing is when it is where the walk began. */
  | { readonly type: "out-of-time"; readonly at: ItemKey | undefined }
  | { readonly type: "fault"; readonly at: ItemKey | undefined; readonly reason: string };

export interface Walked {
  readonly tally: Tally;
  readonly end: WalkEnd;
}

/** Edits: some dozen products, done within a second or two, so that the time is looked at often. */
const pageItems = 100;

/** Products rebuilt at once, as many as a dispatcher does: the store is shared with shoppers. */
const productsAtOnce = 8;

/** No further page is begun when less is left: time to read one, which takes up to 12 s, and for `productNeededMs`. */
export const timeNeededMs = 60_000;

/**
 * No further product is begun when less is left. A call that times out takes some 3 s and ends its product's try; the
 * rest is for handing over to the next run.
 */
export const productNeededMs = 40_000;

/** A passing fault of the store is over within seconds, or lasts longer than it pays to wait beside a page. */
const attemptsMax = 3;
const attemptDelayMs = 1_000;

async function readPage(
  { items, delay }: WalkDeps,
  after: ItemKey | undefined,
): Promise<Result<ScanPage, StorageError>> {
  for (let attempt = 1; ; attempt += 1) {
    const page = await items.scan("Catalog", { limit: pageItems, ...(after === undefined ? {} : { after }) });
    if (page.ok || attempt === attemptsMax) {
      return page;
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
 * The products of a page behind a key. A table is walked partition by partition, so only the last one may go on behind
 * the page, and only the key's own may have begun before it: those are read whole. The key's own is left out when this
 * walk has been there.
 */
function productsOf(
  { items, next }: ScanPage,
  after: ItemKey | undefined,
  walked: boolean,
): readonly Found[] {
  const last = next === undefined ? undefined : items.at(-1)?.pk;
  return [...Map.groupBy(items, (item) => item.pk)]
    .filter(([pk]) => !walked || pk !== after?.pk)
    .map(([pk, own]) => (pk === last || pk === after?.pk ? { pk } : { pk, items: own }));
}

async function rebuildProduct(
  deps: WalkDeps,
  { pk, items }: Found,
  force: boolean,
): Promise<Result<Rebuilt, RebuildFailure>> {
  const id = partitionToProductId(pk);
  return id === undefined
    ? err({ reason: "not a product's partition", passing: false })
    : rebuildView(deps, id, { force, ...(items ? { known: items } : {}) });
}

/** A product that another try may bring through, with what kept it from being rebuilt. */
interface Kept {
  readonly found: Found;
  readonly failure?: RebuildFailure;
}

function reportFailure(deps: WalkDeps, tally: Tally, pk: string, { reason, cause }: RebuildFailure): void {
  countFailure(tally, pk, reason);
  deps.log.error("view not rebuilt", { product: pk, reason, cause });
}

/** Rebuilds each, some at a time, and answers those that another try may bring through. */
async function rebuildEach(
  deps: WalkDeps,
  products: readonly Found[],
  tally: Tally,
  { force, timeLeftMs }: Walk,
): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  const waiting = products.values();
  const workers = Array.from({ length: productsAtOnce }, async () => {
    for (const found of waiting) {
      if (timeLeftMs() < productNeededMs) {
        kept.push({ found });
        continue;
      }
      const outcome = await rebuildProduct(deps, found, force);
      if (outcome.ok) {
        countOutcome(tally, outcome.value);
      } else if (outcome.error.passing) {
        kept.push({ found: { pk: found.pk }, failure: outcome.error }); // read again: time has passed
      } else {
        reportFailure(deps, tally, found.pk, outcome.error);
      }
    }
  });
  await Promise.all(workers);
  return kept;
}

/** Rebuilds a page's products and answers why the walk must end before this page, if it must. */
async function rebuildAll(
  deps: WalkDeps,
  products: readonly Found[],
  tally: Tally,
  walk: Walk,
): Promise<Result<undefined, "out-of-time" | RebuildFailure>> {
  let kept = await rebuildEach(deps, products, tally, walk);
  for (let attempt = 2; attempt <= attemptsMax && kept.length > 0; attempt += 1) {
    await deps.delay(attemptDelayMs);
    kept = await rebuildEach(
      deps,
      kept.map(({ found }) => found),
      tally,
      walk,
    );
  }
  if (kept.some(({ failure }) => failure === undefined)) {
    return err("out-of-time");
  }
  const [first] = kept.flatMap(({ failure }) => failure ?? []);
  if (first !== undefined && !walk.mayPassOver(kept.length, products.length)) {
    return err(first);
  }
  for (const { found, failure } of kept) {
    if (failure !== undefined) {
      reportFailure(deps, tally, found.pk, failure);
    }
  }
  return ok(undefined);
}

const isSameKey = (left: ItemKey | undefined, right: ItemKey) =>
  left?.pk === right.pk && left.sk === right.sk;

/**
 * Walks the region's replica of Catalog from a place on and rebuilds each product, until the end, until the time is
 * nearly over or until a passing fault of the store lasts. A product that cannot be rebuilt is counted and passed over.
 */
export async function walkCatalog(deps: WalkDeps, walk: Walk): Promise<Walked> {
  const tally = emptyTally();
  let at = walk.from;
  do {
    const page = await readPage(deps, at);
    if (!page.ok) {
      const reason = `the catalog cannot be read: ${page.error.type}`;
      if (!isPassing(page.error)) {
        throw new Error(reason, { cause: page.error });
      }
      return { tally, end: { type: "fault", at, reason } };
    }
    const rebuilt = await rebuildAll(deps, productsOf(page.value, at, at !== walk.from), tally, walk);
    if (!rebuilt.ok) {
      const { error } = rebuilt;
      return {
        tally,
        end: error === "out-of-time" ? { type: error, at } : { type: "fault", at, reason: error.reason },
      };
    }
    const { next } = page.value;
    if (next === undefined) {
      return { tally, end: { type: "catalog-end" } };
    }
    if (isSameKey(at, next)) {
      throw new Error("the scan of the catalog does not move on");
    }
    at = next;
  } while (walk.timeLeftMs() >= timeNeededMs);
  return { tally, end: { type: "out-of-time", at } };
}
