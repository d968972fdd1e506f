import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import { demandWrite, holdWrite } from "../stock/cell-writes.ts";
import { firstCell } from "../stock/cells.ts";
import { chooseCells } from "../stock/choose-cells.ts";
import { planRebalance } from "../stock/rebalance.ts";
import { restockWrites } from "../stock/restock.ts";
import { defaultStockSettings } from "../stock/settings.ts";
import type { StockView } from "../stock/stock-view.ts";
import { operationId, ulidAt } from "./arbitraries.ts";
import { pulse } from "./stock-leases.ts";
import { beginMs, type Life } from "./stock-lives.ts";
import { cellsSeen, createStockWorld, lamp, type StockWorld, send } from "./stock-world.ts";

/** Regions that sell the same SKU at rates that do not change. */
export interface SteadySale {
  /** Units that each region has at the start. */
  readonly units: readonly number[];
  /** For each region, every how many rounds of a minute a shopper asks for one unit; 0 for never. */
  readonly everyRounds: readonly number[];
  /** Rounds until another round's writes have reached everybody. */
  readonly lagRounds: number;
}

export interface SteadyRun {
  readonly sold: number;
  readonly refused: number;
  /** Units left in the end. */
  readonly left: number;
  /** Grants that were made, and the units in them. */
  readonly grants: number;
  readonly moved: number;
  /** Grants to a region that did not lack anything when it last asked. */
  readonly needless: number;
}

const roundMs = 60_000;
/** Three hours. */
const rounds = 180;

/** What a region keeps, by what shoppers asked of it in the last hour: half of that. */
function keeps(asked: readonly number[], nowMs: number): number {
  const open = Math.floor(nowMs / 600_000);
  return Math.ceil(asked.filter((ms) => Math.floor(ms / 600_000) > open - 6).length / 2);
}

interface Shop {
  readonly life: Life;
  readonly asked: number[];
  /** Whether it lacked something when it wrote its wants. */
  short: boolean;
}

async function shopOnce(world: StockWorld, { life, asked }: Shop, number: number): Promise<boolean> {
  const nowMs = world.lives.clockMs(life);
  const choice = chooseCells({
    lines: [{ sku: lamp, quantity: 1 }],
    cellsBySku: new Map([[lamp, await cellsSeen(world, life)]]),
    me: life.origin,
    operationId: operationId(ulidAt(beginMs, number)),
  });
  asked.push(nowMs);
  const writes = choice.ok
    ? choice.value.map((part) => holdWrite(part, nowMs))
    : [demandWrite({ sku: lamp, origin: life.origin, units: 1 }, nowMs)];
  await send(world, life, writes);
  return choice.ok;
}

async function seenBy(world: StockWorld, life: Life): Promise<StockView> {
  return {
    sku: lamp,
    cells: await cellsSeen(world, life),
    me: life.origin,
    regions: world.lives.configured().map(({ origin }) => origin),
    fenced: new Set(),
    leaseRunning: true,
    nowMs: world.lives.clockMs(life),
    settings: defaultStockSettings,
  };
}

/** One shopper after another, and a rebalance everywhere in each round. */
export async function playSteady({ units, everyRounds, lagRounds }: SteadySale): Promise<SteadyRun> {
  const world = createStockWorld({ regions: units.length, clockOffsetsMs: [], steps: [] });
  const shops = world.lives.configured().map((life): Shop => ({ life, asked: [], short: false }));
  const byOrigin = new Map(shops.map((shop) => [shop.life.origin, shop]));
  const run = { sold: 0, refused: 0, grants: 0, moved: 0, needless: 0 };
  await pulse(world.lives);
  for (const [index, { life }] of shops.entries()) {
    const quantity = units[index] ?? 0;
    const cell = firstCell(life.origin);
    const restock = { operationId: operationId(ulidAt(beginMs, index)), sku: lamp, quantity, cell };
    await (quantity > 0 ? send(world, life, restockWrites(restock, world.lives.clockMs(life))) : undefined);
  }

  const lacks = async ({ life, asked }: Shop): Promise<boolean> => {
    const own = [...(await cellsSeen(world, life)).values()].filter(
      ({ id }) => cellOrigin(id) === life.origin,
    );
    const have = own.reduce((sum, { available }) => sum + available, 0);
    return have < keeps(asked, world.lives.clockMs(life));
  };
  const note = async (shop: Shop, type: string, to: CellId, count: number) => {
    shop.short = type === "want" ? await lacks(shop) : shop.short;
    if (type === "grant") {
      run.grants += 1;
      run.moved += count;
      run.needless += byOrigin.get(cellOrigin(to))?.short === true ? 0 : 1;
    }
  };

  for (let round = 0; round < rounds; round += 1) {
    world.lives.pass(roundMs);
    for (const [index, shop] of shops.entries()) {
      const every = everyRounds[index] ?? 0;
      if (every > 0 && round % every === 0) {
        const sold = await shopOnce(world, shop, 100 + round * 10 + index);
        run.sold += sold ? 1 : 0;
        run.refused += sold ? 0 : 1;
      }
      for (const action of planRebalance(await seenBy(world, shop.life))) {
        await send(world, shop.life, action.writes);
        const to = action.type === "grant" ? action.to : firstCell(shop.life.origin);
        await note(shop, action.type, to, action.type === "grant" ? action.units : 0);
      }
    }
    if (round % lagRounds === 0) {
      world.lives.exchange(["Stock"]);
    }
  }
  const left = units.reduce((sum, count) => sum + count, 0) - run.sold;
  return { ...run, left };
}
