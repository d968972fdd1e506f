import { setTimeout as sleep } from "node:timers/promises";
import type { DrillContext } from "../drill.ts";
import { eachLimited } from "../limited.ts";
import { cellsIn, orderIn, type ShopClient } from "./client.ts";
import { type CellsView, isSettled, type OrderEnd } from "./history.ts";
import { cellsText } from "./judge-stock.ts";

/** A busy machine takes its time, and what fails once more is due half a minute later: beyond, it is not finished. */
const finishWithinMs = 90_000;
/** Longer than repair leaves an interrupted checkout to its client, who may ask again. */
const leftToClientsMs = 60_000;
/** Between two runs of repair. */
const lookEveryMs = 500;
const readsAtOnceMax = 8;

export interface Finish {
  readonly tookMs: number;
  readonly orders: readonly OrderEnd[];
  readonly cells: readonly CellsView[];
  /** What kept repair from finishing; empty when nothing is open any more. */
  readonly open: readonly string[];
}

export interface FinishOptions {
  readonly skus: readonly string[];
  /** Ids of all orders that may be there. */
  readonly orderIds: readonly string[];
  /** Which time it is that all is finished, from 1: each sets the clocks ahead a little further. */
  readonly time: number;
}

/**
 * With everything mended: runs repair in all regions until nothing is held, every order has come to its end, and all
 * regions say the same. All clocks are set ahead first, so that nobody has to wait for what is due soon.
 */
export async function finishAll(
  context: DrillContext,
  client: ShopClient,
  { skus, orderIds, time }: FinishOptions,
): Promise<Finish> {
  const startedMs = performance.now();
  for (const region of context.regions) {
    context.world.apply({ type: "skew", region, ms: time * leftToClientsMs });
  }
  const done = new Map<string, readonly OrderEnd[]>();
  while (true) {
    const failures = await repair(context);
    const cells = await viewsOf(context, client, skus);
    const left = orderIds.filter((id) => !done.has(id));
    const ends = await eachLimited(left, readsAtOnceMax, (id) => endsOf(context, client, id));
    for (const [index, id] of left.entries()) if (isOver(ends[index] ?? [])) done.set(id, ends[index] ?? []);
    const open = [
      ...failures,
      ...openCells(cells),
      ...left.filter((id) => !done.has(id)).map((id) => `${id} is not finished everywhere`),
    ];
    const tookMs = Math.round(performance.now() - startedMs);
    if (open.length === 0 || tookMs > finishWithinMs) {
      return {
        tookMs,
        cells,
        open,
        orders: [...done.values(), ...ends.filter((end) => !isOver(end))].flat(),
      };
    }
    await sleep(lookEveryMs);
  }
}

/** Runs repair once in every region, and says where it failed. */
async function repair({ world }: DrillContext): Promise<readonly string[]> {
  const outcome = await world.run("Repair");
  if (!outcome.ok) throw new Error(`the world runs no ${outcome.error.name}`);
  await world.settled();
  return outcome.value.flatMap(({ region, error }) =>
    error === undefined ? [] : [`repair failed in ${region}: ${error}`],
  );
}

async function viewsOf(
  { regions }: DrillContext,
  client: ShopClient,
  skus: readonly string[],
): Promise<readonly CellsView[]> {
  const views = await Promise.all(
    skus.flatMap((sku) =>
      regions.map(async (region) => ({ region, sku, cells: (await cellsIn(client, region, sku)) ?? [] })),
    ),
  );
  return views;
}

const endsOf = ({ regions }: DrillContext, client: ShopClient, id: string): Promise<readonly OrderEnd[]> =>
  Promise.all(regions.map(async (region) => ({ id, region, order: await orderIn(client, region, id) })));

/** Known nowhere, or settled and the same everywhere. */
function isOver(ends: readonly OrderEnd[]): boolean {
  const [first, ...others] = ends;
  if (others.some(({ order }) => JSON.stringify(order) !== JSON.stringify(first?.order))) return false;
  return first?.order === undefined || isSettled(first.order);
}

function openCells(views: readonly CellsView[]): readonly string[] {
  return [...Map.groupBy(views, ({ sku }) => sku)].flatMap(([sku, ofSku]) => {
    const held = ofSku.flatMap(({ cells }) => cells).some((cell) => cell.held !== 0);
    const texts = new Set(ofSku.map(({ cells }) => cellsText(cells)));
    return [
      ...(held ? [`units of ${sku} are still held`] : []),
      ...(texts.size > 1 ? [`regions differ about the cells of ${sku}`] : []),
    ];
  });
}
