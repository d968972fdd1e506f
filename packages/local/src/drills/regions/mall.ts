import { monotonicFactory } from "ulid";
import { createSequence } from "../attempt.ts";
import { askAgain } from "../checkout/ask-again.ts";
import { orderIn, type ShopClient } from "../checkout/client.ts";
import { finishAll } from "../checkout/finish.ts";
import { isLive } from "../checkout/history.ts";
import { orderIdsOf, paymentsOf } from "../checkout/order-ids.ts";
import { addSubject, awaitLeases, stockUp } from "../checkout/subject.ts";
import { awaitConvergence } from "../concurrent-carts/converge.ts";
import type { DrillContext } from "../drill.ts";
import { eachLimited } from "../limited.ts";
import type { ShoppingHistory } from "./judge-shopping.ts";
import type { Mall } from "./shopper.ts";
import type { WorldTime } from "./world-time.ts";

const unitMinor = 1_900;
/** Of each region: more than all shoppers together can buy, so that a region that is lost takes no chance away. */
const stockPerRegion = 2_000;
const readsAtOnceMax = 8;

/** With nothing broken yet: regions that may sell, a product of the drill's own, and enough of it everywhere. */
export async function openMall(
  context: DrillContext,
  { time, isStopped }: { readonly time: WorldTime; readonly isStopped: () => boolean },
): Promise<Mall> {
  const client: ShopClient = {
    api: context.world.api,
    sequence: createSequence(),
    operationId: monotonicFactory(),
    adminToken: context.adminToken(),
    faults: { keptApart: () => [] }, // no judge of these drills asks who could have given units to whom
  };
  await awaitLeases(context);
  const subject = await addSubject(context, client, { product: "drill-regions", variants: 1, unitMinor });
  const [sku = ""] = subject.skus;
  const deliveries = context.regions.map((region) => ({
    region,
    quantity: stockPerRegion,
    sentTo: [region],
  }));
  await stockUp(context, client, { sku, deliveries });
  const notebook = { sequence: client.sequence, changes: [], sights: [] };
  return { client, subject, notebook, checkouts: [], carts: [], time, isStopped };
}

/** Orders that were confirmed as durable in two regions, and that none of these regions shows as standing. */
export async function missedOrders(mall: Mall, regions: readonly string[]): Promise<readonly string[]> {
  const durable = mall.checkouts.flatMap((checkout) =>
    checkout
      .record()
      .attempts.flatMap(({ told }) =>
        told.type === "confirmed" && told.isDurable === true ? [told.order.id] : [],
      ),
  );
  const ids = [...new Set(durable)];
  const seen = await eachLimited(ids, readsAtOnceMax, (id) =>
    Promise.all(regions.map((region) => orderIn(mall.client, region, id))),
  );
  return ids.filter((_, at) => !(seen[at] ?? []).some(isLive));
}

/** With everything mended and all shoppers gone: what there is in the end. */
export async function closeMall(
  context: DrillContext,
  mall: Mall,
  missedWhileAway: readonly string[],
): Promise<{ readonly history: ShoppingHistory; readonly open: readonly string[] }> {
  const { client, subject, notebook, checkouts, carts } = mall;
  const [sku = ""] = subject.skus;
  await askAgain(checkouts);
  const { ends, converged } = await awaitConvergence(carts, context.regions, { api: client.api, notebook });
  const records = checkouts.map((checkout) => checkout.record());
  const finish = await finishAll(context, client, {
    skus: [sku],
    orderIds: await orderIdsOf(context, records),
    time: 1,
  });
  for (const region of context.regions) context.world.apply({ type: "skew", region, ms: 0 });
  const history: ShoppingHistory = {
    carts: { changes: notebook.changes, sights: notebook.sights, ends },
    checkouts: checkouts.map((checkout) => checkout.record()),
    sku,
    delivered: stockPerRegion * context.regions.length,
    orders: finish.orders,
    cells: finish.cells,
    payments: await paymentsOf(context, records),
    missedWhileAway,
  };
  const open = finish.open.map((line) => `repair did not finish: ${line}`);
  return { history, open: converged ? open : [...open, "carts still differ between regions"] };
}
