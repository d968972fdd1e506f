import type { Origin } from "../ids/origin.ts";
import { judge } from "./stock-judges.ts";
import { fencedBy, pulse } from "./stock-leases.ts";
import type { Life } from "./stock-lives.ts";
import { fence, giveUp, pass, reclaim } from "./stock-losses.ts";
import { playAsk, playMail, rebalance, stillInFlight } from "./stock-moves.ts";
import { playContend, playEnd, playHold, playRestock } from "./stock-shopping.ts";
import type { StockSchedule, StockStep } from "./stock-steps.ts";
import { count, createStockWorld, type StockWorld } from "./stock-world.ts";

function pick(lives: readonly Life[], number: number): Life {
  const life = lives[number % lives.length];
  if (life === undefined) {
    throw new Error("no life");
  }
  return life;
}

const heardOf = ({ lives }: StockWorld) => lives.configured().filter(({ state }) => state === "heard");

/** A region stops or is cut off while three are heard, so that somebody is left to notice. */
function lose(world: StockWorld, life: Life, state: "cut" | "dead"): void {
  if (life.state === "heard" && heardOf(world).length > 2) {
    life.state = state;
    count(world, state);
  }
}

function bearAgain(world: StockWorld, index: number): void {
  const old = world.lives.present(index);
  if (old.state !== "heard") {
    old.replaced = true;
    const born = world.lives.bear(index % world.lives.configured().length);
    world.lives.fill(born);
    count(world, "reborn");
  }
}

async function playTrouble(world: StockWorld, step: StockStep): Promise<void> {
  const { lives } = world;
  switch (step.type) {
    case "advance":
      return pass(world, step.ms);
    case "die":
      return lose(world, lives.present(step.at), "dead");
    case "cut":
      return lose(world, lives.present(step.at), "cut");
    case "heal": {
      const life = lives.present(step.at);
      life.state = life.state === "cut" ? "heard" : life.state;
      return;
    }
    case "reborn":
      bearAgain(world, step.at);
      return pulse(lives);
    case "fence": {
      const lost = pick(lives.lives, step.lost);
      const life = lives.present(step.at);
      if (lost.state !== "heard" && life.state === "heard") {
        await fence(world, life, lost, lives.present(step.reclaimer));
      }
      return;
    }
    case "reclaim":
      return reclaim(world, lives.present(step.at), pick(lives.lives, step.lost), step.again);
    case "give-up": {
      const gone = lives.lives.filter(({ state }) => state !== "heard");
      return gone.length > 0
        ? giveUp(world, pick(gone, step.lost), lives.present(step.reclaimer))
        : undefined;
    }
    default:
      return undefined;
  }
}

async function play(world: StockWorld, step: StockStep): Promise<void> {
  const { lives } = world;
  const running = lives.lives.filter(({ state }) => state !== "dead");
  switch (step.type) {
    case "restock":
      return playRestock(world, step);
    case "hold":
      return playHold(world, pick(running, step.at), step);
    case "contend":
      return playContend(world, pick(running, step.at));
    case "end":
      return playEnd(world, step);
    case "rebalance":
      await rebalance(world, pick(running, step.at), step);
      return;
    case "ask":
      return playAsk(world, pick(running, step.at), step);
    case "mail":
      return playMail(world, step.pick);
    case "deliver":
      return lives.deliver(pick(lives.lives, step.from), pick(running, step.to), step.item, step.back);
    case "exchange":
      return lives.exchange(["Stock", "Control"]);
    default:
      return playTrouble(world, step);
  }
}

/** Rounds of a rebalance everywhere after which nothing may be left to do. */
const roundsMax = 12;

/** All links heal and everything arrives: in the end nobody has anything left to move. */
async function settle(world: StockWorld): Promise<void> {
  for (const life of world.lives.configured()) {
    life.state = life.state === "cut" ? "heard" : life.state;
  }
  const running = heardOf(world);
  let made = 1;
  for (let round = 0; round < roundsMax && made > 0; round += 1) {
    await pass(world, 6_000);
    made = 0;
    for (const life of running) {
      world.lives.exchange(["Stock", "Control"]);
      made += await rebalance(world, life, { back: 0, again: false });
      judge(world);
    }
  }
  if (made > 0) {
    world.faults.push(`after ${roundsMax} rounds there is still something to move`);
  }
  const unfenced = running.filter(({ origin }) => !world.reclaimed.has(origin));
  const fences: Origin[] = [];
  for (const life of running) {
    fences.push(...(await fencedBy(world.lives, life)));
  }
  const whole = unfenced.filter(({ origin }) => !fences.includes(origin));
  if ((await stillInFlight(world, whole)) !== 0) {
    world.faults.push("units are on the way between regions that hear one another");
  }
}

/** Plays a schedule with the shipped plans on one store for each region, and judges every state on the way. */
export async function playStock(schedule: StockSchedule): Promise<StockWorld> {
  const world = createStockWorld(schedule);
  await pulse(world.lives);
  for (const step of schedule.steps) {
    await play(world, step);
    judge(world);
  }
  await settle(world);
  return world;
}
