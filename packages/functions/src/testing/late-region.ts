import { type Items, ok, type Product, productToItems, type Result, type StoredItem } from "@antipode/core";
import { createFakeItems, type FakeItems, productId, sku } from "@antipode/core/testing";
import { createBackfill } from "../backfill/create-backfill.ts";
import { timeNeededMs } from "../backfill/walk-catalog.ts";
import { eu, lamp, rebuildDeps, us, viewsIn } from "./catalog.ts";
import { startMs } from "./test-world.ts";

export const products = (count: number): readonly Product[] =>
  Array.from({ length: count }, (_, index) => ({
    ...lamp,
    id: productId(`lamp-${index}`),
    variants: lamp.variants.map((variant) => ({ ...variant, sku: sku(`LAMP-${index}`) })),
  }));
export const catalogOf = (list: readonly Product[]) =>
  list.map((product) => productToItems(product, us, { ms: startMs, counter: 0, origin: us }).catalog);

export interface Wishes {
  /** Pages for which the time of one run is enough. */
  readonly pages?: number;
  /** Of a run that goes on for less than its pages; by what it has asked the store so far. */
  readonly timeLeftMs?: (operations: readonly string[]) => number;
  readonly wrap?: (items: FakeItems) => Items;
  readonly startAgain?: (payload: string) => Promise<Result<undefined, string>>;
}

/** A region whose views are empty. */
export function lateRegion(
  catalog: readonly StoredItem[],
  { pages = 1_000, timeLeftMs, wrap, startAgain }: Wishes = {},
) {
  const items = createFakeItems(eu);
  items.load("Catalog", catalog);
  const deps = rebuildDeps(wrap?.(items) ?? items);
  const started: string[] = [];
  const waits: number[] = [];
  const backfill = createBackfill({
    ...deps,
    delay: async (ms) => {
      waits.push(ms);
    },
    startAgain: async (payload) => {
      const answer = (await startAgain?.(payload)) ?? ok(undefined);
      if (answer.ok) {
        started.push(payload);
      }
      return answer;
    },
  });
  const run = (event: unknown) => {
    const before = items.operations.length;
    return backfill(event, () => {
      const operations = items.operations.slice(before);
      const scans = operations.filter((operation) => operation === "Scan Catalog").length;
      return timeLeftMs?.(operations) ?? (scans < pages ? timeNeededMs : timeNeededMs - 1);
    });
  };
  /** The runs that follow one another, from a request on: what each answers or throws. */
  const runAll = async (request: object): Promise<readonly unknown[]> => {
    const answers: unknown[] = [await run(request)];
    for (let at = 0; at < started.length; at += 1) {
      answers.push(await run(JSON.parse(started[at] ?? "")).catch((error: unknown) => error));
    }
    return answers;
  };
  const requests = () => started.map((payload) => JSON.parse(payload));
  return { items, deps, run, runAll, started, requests, waits };
}

export const viewIds = ({ items }: { items: FakeItems }) => viewsIn(items).map(({ pk }) => pk);
export const nothing = { rebuilt: 0, upToDate: 0, incomplete: 0, failedInAll: 0, failed: [] };
