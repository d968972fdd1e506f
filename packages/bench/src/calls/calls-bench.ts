import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import { deployedBundles, withScratch } from "../function/bundles.ts";
import { createInstance } from "../function/instance.ts";
import { fillWholeItems, wholeItemCalls } from "../peers/whole-item/shop.ts";
import { type ApiCall, apiCalls } from "./api-calls.ts";
import { compared } from "./compared.ts";
import { onFreshTables } from "./fresh-tables.ts";
import type { Usage } from "./meter.ts";
import { cartsAt, createClient, fillShop } from "./shop-content.ts";

type UsageByCall = ReadonlyMap<ApiCall, Usage>;

const peer = "whole item, read and conditional put";

function namedCalls(nowMs: number) {
  return Object.entries(apiCalls(nowMs)) as [ApiCall, ReturnType<typeof apiCalls>[ApiCall]][];
}

/** Each call once, through the deployed bundle. */
function antipodeUsage(bundle: string, nowMs: number, lines: number): Promise<UsageByCall> {
  return onFreshTables(
    (endpoint) => fillShop(endpoint, nowMs, lines),
    async (store) => {
      const instance = createInstance(bundle, store.url);
      const usage = new Map<ApiCall, Usage>();
      try {
        await instance.start({ method: "GET", path: "/v1/regions" });
        for (const [name, request] of namedCalls(nowMs)) {
          store.take();
          const { statusCode, body } = await instance.invoke(request);
          if (statusCode !== 200) {
            throw new Error(`${name}: ${statusCode} ${body}`);
          }
          usage.set(name, store.take());
        }
        return usage;
      } finally {
        await instance.stop();
      }
    },
  );
}

async function wholeItemUsage(nowMs: number, lines: number): Promise<UsageByCall> {
  const carts = cartsAt(nowMs);
  return onFreshTables(
    async (endpoint) => {
      const client = createClient(endpoint);
      await fillWholeItems(client, carts, nowMs, lines);
      client.destroy();
    },
    async (store) => {
      const client = createClient(store.url);
      const usage = new Map<ApiCall, Usage>();
      const calls = wholeItemCalls(client, carts);
      for (const [name] of namedCalls(nowMs)) {
        await calls[name]();
        usage.set(name, store.take());
      }
      client.destroy();
      return usage;
    },
  );
}

function comparedCalls(
  names: readonly ApiCall[],
  own: UsageByCall,
  other: UsageByCall,
  suffix: string,
): readonly Figure[] {
  return names.flatMap((name) => {
    const [mine, theirs] = [own.get(name), other.get(name)];
    if (mine === undefined || theirs === undefined) {
      throw new Error(`${name} was not counted`);
    }
    return compared(`DynamoDB for one ${name}${suffix}`, mine, { peer, ...theirs });
  });
}

/** Lines of the cart that the calls are made on: an ordinary one, and one of a shopper who buys for a company. */
const cartSizes = [10, 100] as const;

const cartCalls: readonly ApiCall[] = ["cart read", "add to cart", "set quantity", "remove line"];

/** What each call of the API asks of DynamoDB, counted on the local engine, whose accounting is held to Amazon's. */
export const callsBench: Bench = {
  name: "store calls",
  run: (_effort, report) =>
    withScratch(async (folder) => {
      const nowMs = Date.now();
      const bundle = (await deployedBundles(folder)).get("antipode") ?? "";
      const names = namedCalls(nowMs).map(([name]) => name);
      const found: Figure[] = [];
      for (const lines of cartSizes) {
        report(`store calls: every call of the API once, with a cart of ${lines} lines`);
        const own = await antipodeUsage(bundle, nowMs, lines);
        const other = await wholeItemUsage(nowMs, lines);
        const [onCarts, others] = [cartCalls, names.filter((name) => !cartCalls.includes(name))];
        found.push(...comparedCalls(onCarts, own, other, `, cart of ${lines} lines`));
        found.push(...(lines === cartSizes[0] ? comparedCalls(others, own, other, "") : []));
      }
      return found;
    }),
};
