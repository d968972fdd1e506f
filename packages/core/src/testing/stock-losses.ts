import { explainFenceRefusal, fencesKey, planFence, reclaimableAtMs } from "../control/fences.ts";
import { defaultLeaseSettings } from "../control/settings.ts";
import { type Cells, stockPartition } from "../stock/cell-item.ts";
import { cellsOf } from "../stock/cells.ts";
import { planReclaim, type WitnessedUnits } from "../stock/reclaim.ts";
import { isLost, restsOf, tailOf } from "./stock-judges.ts";
import { fencesOf, pulse } from "./stock-leases.ts";
import { got, type Life } from "./stock-lives.ts";
import { count, lamp, type StockWorld, send } from "./stock-world.ts";

export async function fence(world: StockWorld, life: Life, lost: Life, reclaimer: Life): Promise<void> {
  const step = {
    me: life.origin,
    lost: lost.origin,
    reclaimer: reclaimer.origin,
    nowMs: world.lives.clockMs(life),
  };
  const plan = planFence(await fencesOf(life), step);
  if (!plan.ok || plan.value.type !== "write") {
    count(world, plan.ok ? plan.value.type : plan.error.type);
    return;
  }
  const write = {
    type: "update",
    table: "Control",
    key: fencesKey(life.origin),
    update: plan.value.update,
  } as const;
  await world.lives.update(life, write);
  const again = await world.lives.update(life, write);
  const known = again.type === "refused" ? explainFenceRefusal(again.item, step) : undefined;
  if (known?.ok !== true || known.value.type !== "done-already") {
    world.faults.push(`${life.origin} fenced ${lost.origin} twice`);
  }
  count(world, "fenced");
}

/** Of each cell the newest state in all the survivors' tables. */
async function newestIn(survivors: readonly Life[]): Promise<Cells> {
  const items = [];
  for (const life of survivors) {
    items.push(...got(await life.items.queryPartition("Stock", stockPartition(lamp))));
  }
  return got(cellsOf(items));
}

/** Of the placements that a witness knows, the units that no state in `cells` contains. */
function witnessedOf({ sales }: StockWorld, lost: Life, cells: Cells): readonly WitnessedUnits[] {
  return sales
    .filter(
      ({ origin, witness }) => origin === lost.origin && witness !== undefined && witness.state !== "dead",
    )
    .flatMap(({ parts }) => parts)
    .filter(({ cell, containedAt }) => containedAt > (cells.get(cell)?.counter ?? 0));
}

/** Takes over the units of a lost region, if that is allowed by now, and every survivor can be read. */
export async function reclaim(world: StockWorld, life: Life, lost: Life, again: boolean): Promise<void> {
  const { lives, reclaimed } = world;
  const survivors = lives.configured().filter((one) => one !== lost);
  if (lost === life || survivors.some(({ state }) => state !== "heard") || lost.state === "heard") {
    return;
  }
  const fences = [];
  for (const one of survivors) {
    const known = await fencesOf(one);
    fences.push(...(known === undefined ? [] : [known]));
  }
  const configured = lives.configured().map(({ origin }) => origin);
  const names = { lost: lost.origin, reclaimer: life.origin };
  const allowed = reclaimableAtMs({ ...names, configured, fences }, defaultLeaseSettings);
  if (!allowed.ok || lives.clockMs(life) < allowed.value) {
    count(world, allowed.ok ? "too early" : allowed.error.type);
    return;
  }
  const cells = await newestIn(survivors);
  const plan = planReclaim({
    ...names,
    sku: lamp,
    survivors: survivors.map(({ origin }) => origin),
    cells,
    witnessed: witnessedOf(world, lost, cells),
    nowMs: lives.clockMs(life),
  });
  if (plan.type !== "write") {
    count(world, `reclaim ${plan.type}`);
    return;
  }
  const rests = restsOf(world, lost);
  const tail = tailOf(world, lost, rests.states, true);
  await send(world, life, [plan.write]);
  if (again && (await send(world, life, [plan.write])) === "written") {
    world.faults.push(`${life.origin} took over ${lost.origin} twice`);
  }
  const alone = lives.lives.every((one) => one === lost || !isLost(one) || reclaimed.has(one.origin));
  world.inexact ||= !rests.whole || !alone;
  reclaimed.set(lost.origin, { states: rests.states, tail });
  count(world, rests.whole ? "reclaimed, nothing lost" : "reclaimed, something lost");
  count(world, "units reclaimed", plan.units);
  count(world, "tail of a reclaim", tail > 0 ? 1 : 0);
  count(world, "witnessed in the tail", tailOf(world, lost, rests.states, false) > tail ? 1 : 0);
  count(world, "reclaimed of a region that runs", lost.state === "cut" ? 1 : 0);
}

const thirteenHoursMs = 13 * 60 * 60 * 1000;

/** Gives a region up, by everybody who can be reached, waits as long as it takes, and takes its units over. */
export async function giveUp(world: StockWorld, lost: Life, reclaimer: Life): Promise<void> {
  if (
    lost.state === "heard" ||
    lost === reclaimer ||
    reclaimer.state !== "heard" ||
    world.reclaimed.has(lost.origin)
  ) {
    return;
  }
  for (const life of world.lives.configured().filter((one) => one !== lost && one.state === "heard")) {
    await fence(world, life, lost, reclaimer);
  }
  await pass(world, thirteenHoursMs);
  await reclaim(world, reclaimer, lost, true);
}

/** Time passes. In hours everything reaches everybody who is heard: no replication takes so long. */
export async function pass(world: StockWorld, ms: number): Promise<void> {
  world.lives.pass(ms);
  if (ms > 60 * 60 * 1000) {
    world.lives.exchange(["Stock", "Control"]);
  }
  await pulse(world.lives);
}
