import type { OrderId } from "../ids/order-id.ts";
import { viewOrder } from "../order/order.ts";
import { orderOf } from "./order-data.ts";
import { intendStep, type Meanwhile, performStep, runOrder } from "./order-executor.ts";
import { judgeInstant } from "./order-judges.ts";
import type { OrderRegion } from "./order-regions.ts";
import {
  askFor,
  createOrderWorld,
  deliverAll,
  generationsSeen,
  lostAnswer,
  type OrderWorld,
  placeOrder,
  witness,
} from "./order-scene.ts";
import type { OrderSchedule, OrderScheduleStep } from "./order-steps.ts";

/** Another instance of the region, with perhaps something to answer, or after a while in which the first one slept. */
function meanwhileOf(
  world: OrderWorld,
  { at, generation, meanwhile }: Extract<OrderScheduleStep, { type: "run" }>,
): Meanwhile | undefined {
  return (
    meanwhile && {
      atStep: meanwhile.atStep,
      async happens() {
        world.nowMs += meanwhile.passMs;
        if (meanwhile.cancel) {
          await askFor(world, world.regions.region(at), {
            type: "request",
            at,
            generation,
            request: "cancel-requested",
            id: 1,
          });
        }
        await runOrder(world, world.regions.region(at), orderOf(generation), meanwhile.steps);
      },
    }
  );
}

async function run(world: OrderWorld, step: Extract<OrderScheduleStep, { type: "run" }>): Promise<void> {
  const region = world.regions.region(step.at);
  if (step.lost === "write") {
    region.items.failNext("TransactWriteItems", lostAnswer, { after: true });
  }
  world.provider.loseNextAnswer(step.lost === "payment");
  await runOrder(world, region, orderOf(step.generation), step.steps, meanwhileOf(world, step));
  world.provider.loseNextAnswer(false);
}

async function intend(
  world: OrderWorld,
  step: Extract<OrderScheduleStep, { type: "intend" }>,
): Promise<void> {
  const region = world.regions.region(step.at);
  const orderId = orderOf(step.generation);
  // an old sight of the payment: read now, acted on when `perform` comes
  const payment = step.seenFirst ? world.provider.accounts.get(orderId)?.payment : undefined;
  world.intended.push(intendStep(world, region, orderId, payment));
}

function deliver({ regions }: OrderWorld, step: Extract<OrderScheduleStep, { type: "deliver" }>): void {
  const picks = (index: number) => ((step.mask >> (index % 16)) & 1) === 1;
  regions.deliver(regions.region(step.from), regions.region(step.to), picks);
}

async function play(world: OrderWorld, step: OrderScheduleStep): Promise<void> {
  switch (step.type) {
    case "place":
      await placeOrder(world, world.regions.region(step.at), step);
      break;
    case "run":
      await run(world, step);
      break;
    case "intend":
      await intend(world, step);
      break;
    case "perform":
      await Promise.all(world.intended.splice(0, 1).map((next) => performStep(world, next)));
      break;
    case "request":
      await askFor(world, world.regions.region(step.at), step);
      break;
    case "witness":
      await witness(world, step);
      break;
    case "deliver":
      deliver(world, step);
      break;
    case "tick":
      world.nowMs += step.ms;
      break;
    case "reach":
      world.provider.setAway(world.regions.region(step.at).origin, step.away);
      break;
    case "settle":
      world.provider.settle();
      break;
    case "lapse":
      world.provider.lapse();
      break;
  }
}

const roundsMax = 60; // half a minute each: past every hold, whatever the clocks say

/**
 * Whether anything makes the region look at the order: repair, which finds what is open and due, or the stream, which
 * brings a request until it was handled. A placement that was closed too early is looked at by nobody.
 */
function isLookedAt(world: OrderWorld, region: OrderRegion, orderId: OrderId): boolean {
  const replicas = world.regions.order(region, orderId);
  const dueAtMs = replicas.allocations.get(region.origin)?.dueAtMs;
  const isDue = dueAtMs !== undefined && dueAtMs <= world.nowMs + region.skewMs;
  const sight = viewOrder(replicas);
  return isDue || (sight.type === "order" && sight.order.pending.length > 0);
}

const isOpen = (world: OrderWorld, region: OrderRegion, orderId: OrderId) =>
  world.regions.order(region, orderId).allocations.get(region.origin)?.dueAtMs !== undefined;

/** One look of every region at every order that something makes it look at. Says whether any is left open. */
async function repair(world: OrderWorld): Promise<boolean> {
  let busy = false;
  for (const region of world.regions.regions) {
    for (const orderId of generationsSeen) {
      const before = world.steps.length;
      if (isLookedAt(world, region, orderId) && !(await runOrder(world, region, orderId, 60))) {
        world.faults.push(`${region.origin} does not rest: ${world.steps.slice(before).join(" ")}`);
      }
      busy ||= world.steps.length > before + 1 || isOpen(world, region, orderId);
    }
  }
  return busy;
}

/** Links heal, the provider knows, and repair keeps looking, until nobody has anything to do. */
export async function quiesce(world: OrderWorld): Promise<void> {
  for (const { origin } of world.regions.regions) {
    world.provider.setAway(origin, false);
  }
  for (let round = 0; round < roundsMax; round += 1) {
    deliverAll(world);
    const busy = await repair(world);
    judgeInstant(world);
    if (!busy || world.faults.length > 0) {
      return;
    }
    world.provider.settle();
    world.nowMs += 30_000;
  }
  world.faults.push("repair goes on forever");
}

/** A schedule, judged after every step, and then run until nobody has anything to do. */
export async function playOrders(schedule: OrderSchedule): Promise<OrderWorld> {
  const world = await createOrderWorld(schedule);
  for (const step of schedule.steps) {
    await play(world, step);
    judgeInstant(world);
  }
  for (const intended of world.intended.splice(0)) {
    await performStep(world, intended);
    judgeInstant(world);
  }
  await quiesce(world);
  return world;
}
