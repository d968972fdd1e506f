import { isOrderId, type OrderId } from "@antipode/core";
import type { Bench } from "../bench.ts";
import { compared } from "../calls/compared.ts";
import { onFreshTables } from "../calls/fresh-tables.ts";
import { createClient } from "../calls/shop-content.ts";
import { createTrail } from "../calls/trail.ts";
import { type Figure, figure } from "../figure.ts";
import { bundleDeployed, withScratch } from "../function/bundles.ts";
import { createInstance, type Instance } from "../function/instance.ts";
import type { FunctionAnswer } from "../function/instance-protocol.ts";
import { checkoutHandler, stockDispatcherHandler } from "../function/links.ts";
import type { BenchRequest } from "../function/requests.ts";
import { fillWholeShop, wholeItemShop } from "../peers/whole-item/checkout.ts";
import { soldSkuAt } from "../store/sample-shop.ts";
import { type Count, type Counted, createCounter, stepLines } from "./counted.ts";
import { type MeteredProvider, meterProvider } from "./provider.ts";
import { availabilityRequest, type Basket, basketAt, checkoutRequest, orderRequest } from "./requests.ts";
import { fillSellingShop } from "./selling-shop.ts";
import { cellEvent } from "./stock-record.ts";

const peer = "whole item, one transaction";

/** Baskets by their lines. The first is one of one line: an instance reads its right to sell with its first checkout. */
function basketsAt(nowMs: number) {
  return {
    first: basketAt(nowMs, 0, 1),
    one: basketAt(nowMs, 1, 1),
    three: basketAt(nowMs, 2, 3),
    ten: basketAt(nowMs, 3, 10),
  };
}

type Baskets = ReturnType<typeof basketsAt>;
const basketCount = 4;

type Work = keyof Baskets | "retried" | "order" | "availability" | "sale";
type CountedByWork = Readonly<Record<Work, Counted>>;

/** A line of the ten's basket alone, and one that warms the dispatcher up. */
const [soldByTen, warmingUp] = [9, 8] as const;

async function expectStatus(instance: Instance, status: number, request: BenchRequest) {
  const answer: FunctionAnswer = await instance.invoke(request);
  if (answer.statusCode !== status) {
    throw new Error(`${request.method} ${request.path}: ${answer.statusCode} ${answer.body}`);
  }
  return answer;
}

function orderOf({ body = "" }: FunctionAnswer): OrderId {
  const { order } = JSON.parse(body) as { order: { id: string } };
  if (!isOrderId(order.id)) {
    throw new Error(`not an order: ${body}`);
  }
  return order.id;
}

/** The stock dispatcher's work for one record, once it knows its rights. */
async function countSale(
  bundle: string,
  storeUrl: string,
  { endpoint, nowMs, count }: { readonly endpoint: string; readonly nowMs: number; readonly count: Count },
): Promise<Counted> {
  const dispatcher = createInstance(bundle, storeUrl, { handler: stockDispatcherHandler });
  const client = createClient(endpoint);
  const deliver = async (line: number) => {
    const answer = await dispatcher.deliver(await cellEvent(client, soldSkuAt(line), nowMs));
    if (JSON.stringify(answer) !== '{"batchItemFailures":[]}') {
      throw new Error(`the stock dispatcher answers ${JSON.stringify(answer)}`);
    }
  };
  try {
    await deliver(warmingUp);
    return await count(() => deliver(soldByTen));
  } finally {
    client.destroy();
    await dispatcher.stop();
  }
}

interface Bundles {
  readonly checkout: string;
  readonly dispatcher: string;
}

/** Each kind of work once, through the deployed bundles. */
function countAntipode(
  bundles: Bundles,
  provider: MeteredProvider,
  trail: ReturnType<typeof createTrail>,
): Promise<CountedByWork> {
  const nowMs = Date.now();
  const baskets = basketsAt(nowMs);
  return onFreshTables(
    (endpoint) => fillSellingShop(endpoint, nowMs, Object.values(baskets)),
    async (store, endpoint) => {
      const variables = { STRIPE_API_BASE: provider.url };
      const shop = createInstance(bundles.checkout, store.url, { handler: checkoutHandler, variables });
      const count = createCounter(store, provider, trail);
      const checkOut = (basket: Basket) => expectStatus(shop, 201, checkoutRequest(basket, nowMs));
      try {
        await shop.start(availabilityRequest(0));
        const first = await count(() => checkOut(baskets.first));
        const one = await count(() => checkOut(baskets.one));
        const three = await count(() => checkOut(baskets.three));
        const ten = await count(() => checkOut(baskets.ten));
        const retried = await count(() => checkOut(baskets.three));
        const order = orderOf(await checkOut(baskets.three));
        const read = orderRequest(baskets.three, order, nowMs);
        return {
          ...{ first, one, three, ten, retried },
          order: await count(() => expectStatus(shop, 200, read)),
          availability: await count(() => expectStatus(shop, 200, availabilityRequest(0))),
          sale: await countSale(bundles.dispatcher, store.url, { endpoint, nowMs, count }),
        };
      } finally {
        await shop.stop();
      }
    },
    trail,
  );
}

function countWholeItems(
  provider: MeteredProvider,
  trail: ReturnType<typeof createTrail>,
): Promise<CountedByWork> {
  const nowMs = Date.now();
  const baskets = basketsAt(nowMs);
  return onFreshTables(
    (endpoint) => fillWholeShop(endpoint, nowMs, Object.values(baskets)),
    async (store) => {
      const client = createClient(store.url);
      const shop = wholeItemShop(client, provider.url, nowMs);
      const count = createCounter(store, provider, trail);
      try {
        return {
          first: await count(() => shop.checkout(baskets.first)),
          one: await count(() => shop.checkout(baskets.one)),
          three: await count(() => shop.checkout(baskets.three)),
          ten: await count(() => shop.checkout(baskets.ten)),
          retried: await count(() => shop.checkout(baskets.three)),
          order: await count(() => shop.readOrder(baskets.three)),
          availability: await count(() => shop.readStock(0)),
          sale: await count(() => shop.keepSummary(soldByTen, 3_995)),
        };
      } finally {
        client.destroy();
      }
    },
    trail,
  );
}

const titleByWork = {
  one: "checkout, 1 line",
  three: "checkout, 3 lines",
  ten: "checkout, 10 lines",
  retried: "checkout retried with the same key, 3 lines",
  order: "order read, 3 lines",
  availability: "availability read",
  sale: "stream record of a sale",
} as const satisfies Readonly<Record<Exclude<Work, "first">, string>>;

function figuresOf(own: CountedByWork, other: CountedByWork): readonly Figure[] {
  const works = Object.keys(titleByWork) as (keyof typeof titleByWork)[];
  const ofStore = works.flatMap((work) => {
    const title = `DynamoDB for one ${titleByWork[work]}`;
    return [
      ...compared(title, own[work], { peer, ...other[work] }),
      figure(title, "waits", own[work].waits, peer, other[work].waits),
    ];
  });
  const calls = [own.three.providerCalls, other.three.providerCalls] as const;
  return [
    ...ofStore,
    figure("payment provider for one checkout", "provider calls", calls[0], peer, calls[1]),
  ];
}

/** What a checkout asks of DynamoDB and of the payment provider, counted on the local engine and the sandbox. */
export const checkoutBench: Bench = {
  name: "checkout",
  run: (_effort, report) =>
    withScratch(async (folder) => {
      const handlers = { checkout: checkoutHandler, dispatcher: stockDispatcherHandler } as const;
      const files = await bundleDeployed(folder, handlers);
      const bundles = { checkout: files.get("checkout") ?? "", dispatcher: files.get("dispatcher") ?? "" };
      const trail = createTrail();
      const provider = await meterProvider(trail);
      try {
        report("checkout: each call once");
        const own = await countAntipode(bundles, provider, trail);
        await provider.expectCaptured(basketCount);
        for (const line of stepLines(own.three)) {
          report(`checkout of 3 lines: ${line}`);
        }
        const { roundTrips, readUnits, waits } = own.first;
        report(
          `checkout of 1 line, first of an instance: ${roundTrips} round trips, ${readUnits} read units, ${waits} waits`,
        );
        const other = await countWholeItems(provider, trail);
        await provider.expectCaptured(2 * basketCount);
        return figuresOf(own, other);
      } finally {
        await provider.close();
      }
    }),
};
