import { monotonicFactory } from "ulid";
import { createSequence } from "../attempt.ts";
import { askAgain } from "../checkout/ask-again.ts";
import type { OpenCheckout, ShopClient } from "../checkout/client.ts";
import { type Finish, finishAll } from "../checkout/finish.ts";
import { cartOf, orderIdsOf, paymentsOf } from "../checkout/order-ids.ts";
import { addSubject, awaitLeases, stockUp } from "../checkout/subject.ts";
import { counted } from "../counted.ts";
import type { Drill, DrillContext, DrillReport } from "../drill.ts";
import { createFaultFeed, describePlan, type FaultFeed } from "../fault-feed.ts";
import { eachLimited } from "../limited.ts";
import { cartIn, checkOutTwice, fillCart, type Shop, type SplitCheckouts } from "./device.ts";
import type { SplitHistory } from "./history.ts";
import { judgeSplits } from "./judge.ts";
import { type PlannedRound, planSplits, skuCount } from "./plan.ts";
import { watchAllocations } from "./watch-allocations.ts";

export const twoCheckouts: Drill = {
  name: "two-checkouts",
  summary: "carts that are checked out at the same moment in two regions which cannot hear each other",
  promises: [
    "of a cart comes one order, though two regions placed it, and both devices are told the same one in the end",
    "it is charged once and exactly",
    "the units that the loser held are back in stock",
    "what only the loser had seen stays in the cart: each unit is ordered or there, once",
    "after healing every region says the same of every order, cart and cell",
  ],
  sizes: [{ name: "carts", what: "carts that are checked out twice", usual: 48, min: 1, max: 1_000 }],
  run,
};

const atOnceMax = 12;
const unitMinor = 2_500;
/** Of each SKU in each region: what all carts together could want of it there. */
const unitsPerCart = 10;

async function run(context: DrillContext): Promise<DrillReport> {
  const { world, regions, random, sizes, say } = context;
  const plan = planSplits(random, { regions, carts: sizes["carts"] ?? 1 });
  const carts = plan.flatMap((round) => round.carts);
  let faults: FaultFeed = createFaultFeed(world, { plan: [], regions });
  const client: ShopClient = {
    api: world.api,
    sequence: createSequence(),
    operationId: monotonicFactory(),
    adminToken: context.adminToken(),
    faults: { keptApart: (region) => faults.keptApart(region) },
  };
  const watch = watchAllocations(world.dynamo);
  const { shop, delivered } = await openShop(context, client, carts.length);
  const filled = await eachLimited([...carts.entries()], atOnceMax, ([index, planned]) =>
    fillCart(shop, `cart ${index + 1}`, planned),
  );
  await world.settled();
  say(`${counted(carts.length, "cart is filled", "carts are filled")}; each is checked out twice`);
  const splits: SplitCheckouts[] = [];
  for (const round of plan) {
    const begun = splits.length;
    faults = createFaultFeed(world, { plan: round.faults.map((fault) => ({ at: 1, fault })), regions });
    faults.operationBegins();
    const mine = filled.slice(begun, begun + round.carts.length);
    splits.push(...(await Promise.all(mine.map((cart) => checkOutTwice(shop, cart, round.sides)))));
    faults.mendAll();
  }
  say("all mended; both devices of each cart ask what became of it");
  const first = await finish(context, shop, { splits, time: 1 });
  for (const { checkouts } of splits) await Promise.all(checkouts.map(askOnce));
  const last = await finish(context, shop, { splits, time: 2 });
  faults.mendAll();
  const history = await historyOf(context, shop, { splits, delivered, last });
  watch.stop();
  const releasedUnits = watch.releasedUnits(new Set(splits.map(({ cart }) => cart.id)));
  return report({ context, plan, history, releasedUnits, first, last });
}

async function openShop(context: DrillContext, client: ShopClient, carts: number) {
  await awaitLeases(context);
  const subject = await addSubject(context, client, {
    product: "drill-two-checkouts",
    variants: skuCount,
    unitMinor,
  });
  const quantity = carts * unitsPerCart;
  const deliveries = context.regions.map((region) => ({ region, quantity, sentTo: [region] }));
  for (const sku of subject.skus) await stockUp(context, client, { sku, deliveries });
  const delivered = Object.fromEntries(subject.skus.map((sku) => [sku, quantity * deliveries.length]));
  return { shop: { client, subject } satisfies Shop, delivered };
}

const openOf = (splits: readonly SplitCheckouts[]) => splits.flatMap(({ checkouts }) => checkouts);
const recordsOf = (checkouts: readonly OpenCheckout[]) => checkouts.map((checkout) => checkout.record());

/** A device asks where it has asked before. */
async function askOnce(checkout: OpenCheckout): Promise<void> {
  await checkout.sendTo(checkout.record().attempts.at(-1)?.region ?? "");
}

async function finish(
  context: DrillContext,
  { client, subject: { skus } }: Shop,
  { splits, time }: { readonly splits: readonly SplitCheckouts[]; readonly time: number },
): Promise<Finish> {
  const startedMs = performance.now();
  const checkouts = openOf(splits);
  await askAgain(checkouts);
  const orderIds = await orderIdsOf(context, recordsOf(checkouts));
  const finished = await finishAll(context, client, { skus, orderIds, time });
  return { ...finished, tookMs: Math.round(performance.now() - startedMs) };
}

interface Ended {
  readonly splits: readonly SplitCheckouts[];
  readonly delivered: SplitHistory["delivered"];
  readonly last: Finish;
}

async function historyOf(
  context: DrillContext,
  shop: Shop,
  { splits, delivered, last }: Ended,
): Promise<SplitHistory> {
  const cartEnds = await eachLimited(splits, atOnceMax, ({ cart }) =>
    Promise.all(context.regions.map((region) => cartIn(shop, region, cart))),
  );
  return {
    carts: splits.map(({ cart, added, checkouts }) => ({
      name: cart.name,
      id: cart.id,
      added,
      checkouts: recordsOf(checkouts),
    })),
    cartEnds: cartEnds.flat(),
    orders: last.orders,
    payments: await paymentsOf(context, recordsOf(openOf(splits))),
    cells: last.cells,
    delivered,
  };
}

interface Run {
  readonly context: DrillContext;
  readonly plan: readonly PlannedRound[];
  readonly history: SplitHistory;
  readonly releasedUnits: number;
  readonly first: Finish;
  readonly last: Finish;
}

function report({ context, plan, history, releasedUnits, first, last }: Run): DrillReport {
  const { orders, charges, lost, broken } = judgeSplits(history, cartOf);
  const carts = history.carts.length;
  const convergedMs = first.tookMs;
  return {
    figures: { seed: context.seed, carts, orders, charges, releasedUnits, lost, convergedMs },
    rows: [
      ["carts", `${carts}, each checked out in two regions at the same moment`],
      ["orders that stand", `${orders}`],
      ["orders that were charged", `${charges}`],
      ["units that losers gave back", `${releasedUnits}`],
      ["units lost", `${lost}`],
      ["all was finished after", `${convergedMs} ms`],
    ],
    faults: describePlan(plan.flatMap(({ faults }) => faults.map((fault) => ({ at: 1, fault })))),
    broken: [...broken, ...last.open.map((line) => `repair did not finish: ${line}`)],
  };
}
