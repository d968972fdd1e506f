import {
  err,
  type GlobalTable,
  globalTables,
  type Origin,
  ok,
  type PaymentHint,
  parseKey,
  productToItems,
  type Sku,
  type StoredItem,
  type Webhooks,
} from "@antipode/core";
import {
  createFakeItems,
  createFakePayments,
  createFakeRemoteRead,
  type FakeItems,
  type FakePayments,
  type FakeRemoteRead,
} from "@antipode/core/testing";
import { createCheckout } from "../checkout/create-checkout.ts";
import type { CheckoutDeps } from "../checkout/deps.ts";
import { beat } from "../control/beat.ts";
import { keepControl } from "../control/keep-control.ts";
import { createSellingRights } from "../control/selling-rights.ts";
import type { HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { StreamChange } from "../dispatcher/record.ts";
import { keepOrders } from "../orders/keep-orders.ts";
import { createPeer } from "../peer/create-peer.ts";
import type { Peers } from "../peer/peers.ts";
import { keepStock } from "../stock/keep-stock.ts";
import { lamp } from "./catalog.ts";
import { createStepClock, createTestApi, type StepClock, startMs, type TestApi } from "./test-world.ts";

/** Signs nothing: `good` is the signature, and the body is the hint as JSON. */
const testWebhooks: Webhooks = {
  async read(body, signature) {
    if (signature !== "good") {
      return err({ type: "bad-signature" });
    }
    const hint: PaymentHint | null = JSON.parse(body);
    return ok(hint ?? undefined);
  },
};

/** One region's shop: its API, and the Checkout function beside it. */
export interface TestShop extends TestApi {
  readonly checkout: ReturnType<typeof createCheckout>;
  readonly deps: CheckoutDeps;
  readonly items: FakeItems;
  readonly remote: FakeRemoteRead;
}

export interface TestShops {
  readonly shops: readonly TestShop[];
  readonly payments: FakePayments;
  readonly clock: StepClock;
  shop(region: string): TestShop;
  /** Neither hears the other, by replication, read or question, until it is healed. */
  cut(a: string, b: string): void;
  heal(): void;
  /** What each holds of its own reaches the others that can hear it, and their dispatchers do what it asks, until all is quiet. */
  replicate(): Promise<void>;
  /** Each region has a running lease. */
  beat(): Promise<void>;
}

const regionsOf = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"] as const;

/** Products that everyone sells, with a price in euros: LAMP 100, TENT 2000, GIFT 0. */
const sold = [
  { id: "desk-lamp", sku: "LAMP", amountMinor: 100 },
  { id: "tent", sku: "TENT", amountMinor: 2000 },
  { id: "gift", sku: "GIFT", amountMinor: 0 },
];

function offersFor(origin: Origin): readonly StoredItem[] {
  return sold.flatMap(({ id, sku, amountMinor }) => {
    const variants = [
      { sku: sku as Sku, title: "Only", prices: [{ amountMinor, currency: "EUR" as const }] },
    ];
    const product = { ...lamp, id: id as typeof lamp.id, title: sku, variants };
    return productToItems(product, origin, { ms: startMs, counter: 0, origin }).offers;
  });
}

function changeOf(table: GlobalTable, item: StoredItem): StreamChange {
  const parsed = parseKey(table, item);
  if (!parsed.ok) {
    throw new Error(parsed.error.reason);
  }
  const key = { pk: item.pk, sk: item.sk };
  return { sequenceNumber: "1", eventName: "MODIFY", key, parsed: parsed.value, item };
}

const isOwn = (item: StoredItem, origin: Origin) =>
  item.sk.includes(`#${origin}`) || item.pk === `REGION#${origin}`;

/** Four regions over memory: one provider, fake global tables, and peers that answer while nothing is cut. */
export function createTestShops(overrides: Partial<CheckoutDeps> = {}): TestShops {
  const clock = createStepClock();
  const payments = createFakePayments({ clock });
  const cuts = new Set<string>();
  const isCut = (a: string, b: string) => cuts.has(`${a} ${b}`);
  const itemsByRegion = new Map(
    regionsOf.map((region) => [region as string, createFakeItems(`${region}#1` as Origin)]),
  );
  const peerByRegion = new Map<string, ReturnType<typeof createPeer>>();

  function peersOf(from: string): Peers {
    return {
      async ask(region, request) {
        const peer = peerByRegion.get(region);
        return peer === undefined || isCut(from, region)
          ? err({ type: "peer-away", region, reason: "cut" })
          : ok(JSON.parse(JSON.stringify(await peer(JSON.parse(JSON.stringify(request))))));
      },
    };
  }

  function openShop(region: string): TestShop {
    const items = itemsByRegion.get(region) as FakeItems;
    const others = [...itemsByRegion].filter(([name]) => name !== region);
    const remote = createFakeRemoteRead(Object.fromEntries(others));
    const api = createTestApi(region, { items, remote, clock });
    const deps: CheckoutDeps = {
      ...api,
      items,
      remote,
      clock,
      payments,
      peers: peersOf(region),
      rights: createSellingRights({ items, clock, deployment: api.deployment }),
      delay: async () => {},
      chance: () => 0.5,
      timer: () => new Promise(() => {}), // nobody waits too long
      webhooks: testWebhooks,
      ...overrides,
    };
    peerByRegion.set(region, createPeer(deps));
    items.load("Views", offersFor(api.deployment.origin));
    return { ...api, items, remote, clock, deps, checkout: createCheckout(deps) };
  }

  const shops = regionsOf.map(openShop);
  const shop = (region: string) => {
    const found = shops.find(({ deployment }) => deployment.region === region);
    if (found === undefined) {
      throw new Error(`no shop in ${region}`);
    }
    return found;
  };

  const dispatchersOf = ({ deps }: TestShop): Readonly<Partial<Record<GlobalTable, HandleGroup>>> => ({
    Orders: keepOrders(deps),
    Stock: keepStock(deps),
    Control: keepControl(deps),
  });

  /** One round of replication and dispatching; whether anything changed. */
  async function round(): Promise<boolean> {
    let changed = false;
    for (const to of shops) {
      for (const table of globalTables) {
        const held = new Map(
          to.items.dump(table).map((item) => [`${item.pk} ${item.sk}`, JSON.stringify(plain(item))]),
        );
        const arrived = shops
          .filter((from) => from !== to && !isCut(from.deployment.region, to.deployment.region))
          .flatMap((from) => from.items.dump(table).filter((item) => isOwn(item, from.deployment.origin)))
          .filter((item) => held.get(`${item.pk} ${item.sk}`) !== JSON.stringify(plain(item)));
        to.items.load(table, arrived);
        changed ||= arrived.length > 0;
        await dispatch(to, table, arrived);
      }
    }
    return changed;
  }

  async function dispatch(to: TestShop, table: GlobalTable, arrived: readonly StoredItem[]): Promise<void> {
    const handle = dispatchersOf(to)[table];
    for (const pk of new Set(arrived.map((item) => item.pk))) {
      const changes = arrived.filter((item) => item.pk === pk).map((item) => changeOf(table, item));
      const outcome = handle === undefined ? ok(undefined) : await handle(changes);
      if (!outcome.ok) {
        throw new Error(JSON.stringify(outcome.error));
      }
    }
  }

  const shopsWorld: TestShops = {
    shops,
    payments,
    clock,
    shop,
    cut(a, b) {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        cuts.add(`${from} ${to}`);
        shop(from).remote.setUnreachable(to);
      }
    },
    heal() {
      cuts.clear();
      for (const from of shops) {
        for (const { deployment } of shops) {
          from.remote.setUnreachable(deployment.region, false);
        }
      }
    },
    async replicate() {
      for (let rounds = 0; await round(); rounds += 1) {
        if (rounds > 50) {
          throw new Error("replication does not come to rest");
        }
      }
    },
    async beat() {
      for (const { deps } of shops) {
        const beaten = await beat(deps);
        if (!beaten.ok) {
          throw new Error(JSON.stringify(beaten.error));
        }
      }
      await shopsWorld.replicate();
    },
  };
  return shopsWorld;
}

/** Sets as lists, so that items can be compared as texts. */
function plain(item: StoredItem): unknown {
  return Object.entries(item)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, value instanceof Set ? [...value].sort() : value]);
}
