import type { StoredItem } from "../items/item.ts";
import { commitWrite, contendedWrite, demandWrite, holdWrite, releaseWrite } from "../stock/cell-writes.ts";
import { firstCell } from "../stock/cells.ts";
import { chooseCells, gatherWrites } from "../stock/choose-cells.ts";
import { deliveryPartition } from "../stock/delivery-item.ts";
import { knownDelivery, type Restock, restockWrites } from "../stock/restock.ts";
import { defaultStockSettings } from "../stock/settings.ts";
import { operationId, ulidAt } from "./arbitraries.ts";
import { fencedBy, mayRun } from "./stock-leases.ts";
import { beginMs, got, type Life } from "./stock-lives.ts";
import { namedBy, quantityOf, type StockStep } from "./stock-steps.ts";
import { cellsSeen, count, lamp, type Sale, type StockWorld, send } from "./stock-world.ts";

type Step<Type extends StockStep["type"]> = Extract<StockStep, { type: Type }>;

async function deliveryItems(world: StockWorld, at: Life, id: Restock["operationId"]): Promise<StoredItem[]> {
  const heard = world.lives.lives.filter(
    (life) => life === at || (at.state === "heard" && life.state === "heard"),
  );
  const items: StoredItem[] = [];
  for (const life of heard) {
    items.push(...got(await life.items.queryPartition("Stock", deliveryPartition(id))));
  }
  return items;
}

export async function playRestock(world: StockWorld, step: Step<"restock">): Promise<void> {
  const at = world.lives.present(step.at);
  const life = world.lives.present(namedBy(step.id));
  const forwarded = at !== life;
  if (life.state === "dead" || (forwarded && (at.state !== "heard" || life.state !== "heard"))) {
    return;
  }
  if (!(await mayRun(world.lives, life))) {
    count(world, "no lease"); // such a region refuses writes: what it took in would be lost with it
    return;
  }
  const restock: Restock = {
    operationId: operationId(ulidAt(beginMs, step.id)),
    sku: lamp,
    quantity: quantityOf(step.id),
    cell: firstCell(life.origin),
  };
  const known = got(knownDelivery(await deliveryItems(world, life, restock.operationId), restock));
  if (known?.type === "operation-id-reused") {
    world.faults.push(`a delivery is taken for another one: ${step.id}`);
  }
  if (known !== undefined) {
    count(world, "delivery known");
    return;
  }
  for (let tries = 0; tries < (step.again ? 2 : 1); tries += 1) {
    const outcome = await send(world, life, restockWrites(restock, world.lives.clockMs(life)));
    if (tries > 0 && outcome === "written") {
      world.faults.push(`delivery ${step.id} was counted twice`);
    }
  }
  if (world.restocked.has(step.id)) {
    count(world, "delivery counted again");
    world.recounted += restock.quantity;
  }
  world.restocked.set(step.id, restock.quantity);
}

async function takeUnits(world: StockWorld, life: Life, step: Step<"hold">, number: number) {
  const choice = chooseCells({
    lines: [{ sku: lamp, quantity: step.quantity }],
    cellsBySku: new Map([[lamp, await cellsSeen(world, life, step.back)]]),
    me: life.origin,
    operationId: operationId(ulidAt(beginMs, 1_000 + number)),
    fenced: await fencedBy(world.lives, life),
  });
  if (choice.ok) {
    return choice.value;
  }
  const [short] = choice.error;
  const nowMs = world.lives.clockMs(life);
  count(world, "shortfall");
  if (short !== undefined && short.here >= short.wanted) {
    const cells = await cellsSeen(world, life, step.back);
    const writes = gatherWrites(cells, { me: life.origin, quantity: step.quantity, nowMs });
    count(world, "gathered", writes !== undefined && (await send(world, life, writes)) === "written" ? 1 : 0);
  } else {
    const asked = { sku: lamp, origin: life.origin, units: step.quantity };
    await send(world, life, [demandWrite(asked, nowMs, defaultStockSettings)]);
  }
  return undefined;
}

export async function playContend(world: StockWorld, life: Life): Promise<void> {
  await send(world, life, [contendedWrite({ sku: lamp, origin: life.origin }, world.lives.clockMs(life))]);
}

export async function playHold(world: StockWorld, life: Life, step: Step<"hold">): Promise<void> {
  if (!(await mayRun(world.lives, life))) {
    count(world, "no lease");
    return;
  }
  if (world.reclaimed.has(life.origin)) {
    world.faults.push(`${life.origin} may sell what was taken over from it`);
  }
  const taken = await takeUnits(world, life, step, world.sales.length);
  if (taken === undefined) {
    return;
  }
  const nowMs = world.lives.clockMs(life);
  const outcome = await send(
    world,
    life,
    taken.map((part) => holdWrite(part, nowMs)),
  );
  if (outcome === "refused") {
    count(world, "hold refused");
    return playContend(world, life);
  }
  const cells = await cellsSeen(world, life);
  const asked = step.witness === undefined ? undefined : world.lives.present(step.witness);
  const witness = asked !== life && asked?.state === "heard" && life.state === "heard" ? asked : undefined;
  const parts = taken.map((part) => ({ ...part, containedAt: cells.get(part.cell)?.counter ?? 0 }));
  world.sales.push({ origin: life.origin, parts, witness, state: "held" });
  count(world, taken.length > 1 ? "held in two cells" : "held");
}

export async function playEnd(world: StockWorld, step: Step<"end">): Promise<void> {
  const open = world.sales.filter(({ state }) => state === "held");
  const sale: Sale | undefined = open[step.pick % Math.max(1, open.length)];
  const life = world.lives.lives.find(({ origin }) => origin === sale?.origin);
  if (sale === undefined || life === undefined || life.state === "dead") {
    return;
  }
  const nowMs = world.lives.clockMs(life);
  const write = step.paid ? commitWrite : releaseWrite;
  const outcome = await send(
    world,
    life,
    sale.parts.map((part) => write(part, nowMs)),
  );
  if (outcome === "refused") {
    world.faults.push(`${life.origin}: held units are not there any more`);
  }
  sale.state = step.paid ? "sold" : "released";
  world.inexact ||= !step.paid && world.reclaimed.has(life.origin); // they come back to a cell that sells no more
  count(world, sale.state);
}
