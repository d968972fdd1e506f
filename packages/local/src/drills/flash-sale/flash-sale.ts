import { monotonicFactory } from "ulid";
import { createSequence } from "../attempt.ts";
import { askAgain } from "../checkout/ask-again.ts";
import type { ShopClient } from "../checkout/client.ts";
import { type Finish, finishAll } from "../checkout/finish.ts";
import { cartOf, orderIdsOf, paymentsOf } from "../checkout/order-ids.ts";
import { addSubject, awaitLeases, stockUp } from "../checkout/subject.ts";
import { counted } from "../counted.ts";
import type { Drill, DrillContext, DrillReport } from "../drill.ts";
import { createFaultFeed, describePlan, type FaultFeed } from "../fault-feed.ts";
import { eachLimited } from "../limited.ts";
import { buy, type Sale } from "./buyer.ts";
import type { SaleHistory } from "./history.ts";
import { judgeSale } from "./judge.ts";
import { planSale, type SalePlan } from "./plan.ts";
import { sellOut } from "./sell-out.ts";
import { watchStock } from "./watch-stock.ts";

export const flashSale: Drill = {
  name: "flash-sale",
  summary:
    "a crowd in all regions buys the few units of one SKU while links, a region and the payment provider break",
  promises: [
    "no more units are sold than there are, and in the end all of them: none is stranded",
    "an operation id is one order, wherever and however often it is sent; what was confirmed is in every region",
    "an order is charged once and exactly, and nobody is charged without one",
    "units come from deliveries alone and go into orders alone, a repeated delivery counts once",
    "after healing every region says the same of every order and cell",
  ],
  sizes: [
    { name: "buyers", what: "buyers who come during the sale", usual: 1_000, min: 10, max: 20_000 },
    { name: "stock", what: "units that there are", usual: 200, min: 1, max: 5_000 },
  ],
  run,
};

const buyersAtOnceMax = 32;
/** Of a small crowd fewer come at once, so that each fault meets some who come while it is in force. */
const buyersAtOnceShare = 0.08;
const unitMinor = 4_900;

async function run(context: DrillContext): Promise<DrillReport> {
  const { world, regions, random, sizes, say } = context;
  const stock = sizes["stock"] ?? 1;
  const plan = planSale(random, { regions, buyers: sizes["buyers"] ?? 1, stock });
  const faults = createFaultFeed(world, { plan: plan.faults, regions });
  const sale = await openSale(context, plan, faults);

  say(
    `${counted(plan.buyers.length, "buyer comes", "buyers come")} for ${counted(stock, "unit")}; ${plan.faults.length} faults begin and end meanwhile`,
  );
  const atOnceMax = Math.min(buyersAtOnceMax, Math.ceil(plan.buyers.length * buyersAtOnceShare));
  const watch = watchStock(sale.client, sale.sku, regions);
  await eachLimited([...plan.buyers.entries()], atOnceMax, ([index, buyer]) => {
    faults.operationBegins();
    return buy(sale, `buyer ${index + 1}`, buyer);
  });
  faults.mendAll();
  say("all mended; buyers ask what became of their orders, and repair finishes what is open");
  const mended = await finishSale(sale, context, 1);
  say("all finished; more buyers come until every region is sold out");
  const isShortEverywhere = await sellOut(sale, stock);
  const samples = await watch.stop();
  const finish = await finishSale(sale, context, 2);
  faults.mendAll();
  const checkouts = sale.checkouts.map((checkout) => checkout.record());
  const history: SaleHistory = {
    sku: sale.sku,
    delivered: stock,
    checkouts,
    samples,
    isShortEverywhere,
    orders: finish.orders,
    cells: finish.cells,
    payments: await paymentsOf(context, checkouts),
  };
  return report({ context, plan, history, mended, finish });
}

/** With nothing broken yet: regions that may sell, a product that nobody else sells, and its stock. */
async function openSale(context: DrillContext, plan: SalePlan, faults: FaultFeed): Promise<Sale> {
  const client: ShopClient = {
    api: context.world.api,
    sequence: createSequence(),
    operationId: monotonicFactory(),
    adminToken: context.adminToken(),
    faults,
  };
  await awaitLeases(context);
  const subject = await addSubject(context, client, { product: "drill-flash-sale", variants: 1, unitMinor });
  const [sku = ""] = subject.skus;
  await stockUp(context, client, { sku, deliveries: plan.deliveries });
  return { client, sku, unitMinor, regions: context.regions, checkouts: [] };
}

async function finishSale(sale: Sale, context: DrillContext, time: number): Promise<Finish> {
  const startedMs = performance.now();
  await askAgain(sale.checkouts);
  const checkouts = sale.checkouts.map((checkout) => checkout.record());
  const finish = await finishAll(context, sale.client, {
    skus: [sale.sku],
    orderIds: await orderIdsOf(context, checkouts),
    time,
  });
  return { ...finish, tookMs: Math.round(performance.now() - startedMs) };
}

interface Run {
  readonly context: DrillContext;
  readonly plan: SalePlan;
  readonly history: SaleHistory;
  readonly mended: Finish;
  readonly finish: Finish;
}

function report({ context, plan, history, mended, finish }: Run): DrillReport {
  const verdict = judgeSale(history, cartOf);
  const buyers = plan.buyers.length;
  const attempts = history.checkouts.reduce((sum, checkout) => sum + checkout.attempts.length, 0);
  const { orders, units, oversold, duplicateCharges, conservation, refusedWhileStockElsewhere } = verdict;
  return {
    figures: {
      seed: context.seed,
      stock: history.delivered,
      buyers,
      regions: context.regions.length,
      attempts,
      orders,
      units,
      oversold,
      duplicateOrders: verdict.duplicateOrders,
      duplicateCharges,
      conservation,
      refusedWhileStockElsewhere,
      convergedMs: mended.tookMs,
    },
    rows: [
      ["buyers", `${buyers} in ${context.regions.length} regions, for ${counted(history.delivered, "unit")}`],
      ["checkouts", `${history.checkouts.length}, sent ${counted(attempts, "time")}`],
      ["orders that stand", `${orders}, of ${counted(units, "unit")}`],
      ["units oversold", `${oversold}`],
      ["orders too many", `${verdict.duplicateOrders}`],
      ["orders charged twice", `${duplicateCharges}`],
      ["conservation", conservation === "kept" ? "kept" : `off by ${conservation} units`],
      ["refused while stock was elsewhere", `${refusedWhileStockElsewhere}`],
      ["all was finished after", `${mended.tookMs} ms`],
    ],
    faults: describePlan(plan.faults),
    broken: [...verdict.broken, ...finish.open.map((line) => `repair did not finish: ${line}`)],
  };
}
