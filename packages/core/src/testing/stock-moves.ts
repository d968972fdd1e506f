import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import { cellAt, unitsOf } from "../stock/cells.ts";
import { type DirectAsk, planDirectAsk, planDirectGrant } from "../stock/direct-ask.ts";
import { absorbWrite } from "../stock/grants.ts";
import { planRebalance } from "../stock/rebalance.ts";
import { fencedBy } from "./stock-leases.ts";
import type { Life } from "./stock-lives.ts";
import type { StockStep } from "./stock-steps.ts";
import { cellsSeen, count, lamp, type Mail, type StockWorld, send, viewOf } from "./stock-world.ts";

type Step<Type extends StockStep["type"]> = Extract<StockStep, { type: Type }>;

/** Once made, these are refused when they are sent again. */
const once = new Set(["absorb", "transfer", "grant", "more-cells"]);

/** Plans on what may be an old view, and makes what was planned; the answer says how much was. */
export async function rebalance(
  world: StockWorld,
  life: Life,
  { back, again }: { readonly back: number; readonly again: boolean },
): Promise<number> {
  let made = 0;
  for (const action of planRebalance(await viewOf(world, life, back))) {
    const outcome = await send(world, life, action.writes);
    made += outcome === "written" ? 1 : 0;
    count(world, outcome === "written" ? action.type : `${action.type} refused`);
    if (again && once.has(action.type) && (await send(world, life, action.writes)) === "written") {
      world.faults.push(`${life.origin} did ${action.type} twice`);
    }
  }
  return made;
}

/** Takes over what a donor answered, unless its region was given up since. */
async function takeOver(world: StockWorld, { to, cell, from, granted }: Mail, late: boolean): Promise<void> {
  const cells = await cellsSeen(world, to);
  const before = unitsOf(cellAt(cells, lamp, cell).absorbed, from);
  if (to.state === "dead" || granted <= before) {
    return;
  }
  if ((await fencedBy(world.lives, to)).has(cellOrigin(from))) {
    count(world, "answer of a fenced region");
    return;
  }
  await send(world, to, [absorbWrite(cellAt(cells, lamp, cell), { from, granted }, world.lives.clockMs(to))]);
  count(world, late ? "late answer absorbed" : "answer absorbed");
}

/** One call of a donor; nothing when it cannot be reached or refuses. */
async function askDonor(world: StockWorld, donor: Life, ask: DirectAsk): Promise<number | undefined> {
  const answer = planDirectGrant(await viewOf(world, donor), ask);
  if (!answer.ok) {
    count(world, answer.error.type);
    return undefined;
  }
  if (answer.value.type === "grant") {
    await send(world, donor, [answer.value.write]);
    if ((await send(world, donor, [answer.value.write])) === "written") {
      world.faults.push(`${ask.from} made one grant twice`);
    }
    count(world, "direct grant");
  }
  return answer.value.granted;
}

async function askTwice(world: StockWorld, donor: Life, ask: DirectAsk): Promise<number | undefined> {
  const first = await askDonor(world, donor, ask);
  const second = await askDonor(world, donor, ask);
  if (first !== undefined && second !== undefined && second > Math.max(first, ask.target)) {
    world.faults.push(`${ask.from} granted twice for one ask`);
  }
  return second;
}

export async function playAsk(world: StockWorld, life: Life, step: Step<"ask">): Promise<void> {
  for (const ask of planDirectAsk(await viewOf(world, life), { units: step.units })) {
    const donor = world.lives.lives.find(({ origin }) => origin === cellOrigin(ask.from));
    if (donor?.state !== "heard" || life.state !== "heard") {
      count(world, "donor not reached");
      continue;
    }
    const granted = await (step.again ? askTwice : askDonor)(world, donor, ask);
    const mayDie = world.lives.configured().filter(({ state }) => state === "heard").length > 2;
    if (step.donorDies && mayDie) {
      donor.state = "dead";
      count(world, "donor died");
    }
    if (granted === undefined) {
      continue;
    }
    const mail: Mail = { to: life, cell: ask.to, from: ask.from, granted };
    if (step.answer === "late") {
      world.mail.push(mail);
    } else {
      await takeOver(world, mail, false);
    }
  }
}

export async function playMail(world: StockWorld, pick: number): Promise<void> {
  const [mail] = world.mail.splice(pick % Math.max(1, world.mail.length), 1);
  if (mail !== undefined) {
    await takeOver(world, mail, true);
  }
}

/** Units that the cells of two running regions have given and not taken over. */
export async function stillInFlight(world: StockWorld, running: readonly Life[]): Promise<number> {
  let units = 0;
  const cellsById = new Map<CellId, Awaited<ReturnType<typeof cellsSeen>>>();
  for (const life of running) {
    const cells = await cellsSeen(world, life);
    for (const id of cells.keys()) {
      cellsById.set(id, cellOrigin(id) === life.origin ? cells : (cellsById.get(id) ?? cells));
    }
  }
  for (const from of cellsById.keys()) {
    for (const to of cellsById.keys()) {
      const both = [from, to].every((id) => running.some(({ origin }) => origin === cellOrigin(id)));
      const granted = unitsOf(cellsById.get(from)?.get(from)?.granted ?? new Map(), to);
      const absorbed = unitsOf(cellsById.get(to)?.get(to)?.absorbed ?? new Map(), from);
      units += both ? granted - absorbed : 0;
    }
  }
  return units;
}
