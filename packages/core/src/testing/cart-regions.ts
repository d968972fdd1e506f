import { type CartReplicas, replicasOf } from "../cart/cart.ts";
import { type CartItem, cartKey } from "../cart/cart-item.ts";
import type { Origin } from "../ids/origin.ts";
import type { StoredItem } from "../items/item.ts";
import type { Update, UpdateOutcome } from "../ports/items.ts";
import { origins } from "./arbitraries.ts";
import { type Known, placeOf } from "./cart-history.ts";
import { readCart } from "./cart-invariants.ts";
import { type CartName, cartIds, regionCount } from "./cart-steps.ts";
import { createFakeItems, type FakeItems } from "./fake-items.ts";

/** One region: its own table, and which versions of which items have reached it, old ones and repeats included. */
export interface CartRegion {
  readonly origin: Origin;
  readonly items: FakeItems;
  readonly held: Map<string, Set<number>>;
}

interface Version {
  readonly item: StoredItem;
  readonly cart: CartItem;
}

export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) {
    throw new Error(`no element ${index}`);
  }
  return found;
}

const begin = (origin: Origin): CartRegion => ({ origin, items: createFakeItems(origin), held: new Map() });

export function createCartRegions() {
  const regions = origins.slice(0, regionCount).map(begin);
  /** By place, every state that the item ever had; the first one has counter 1. */
  const versions = new Map<string, Version[]>();

  const isAlive = (origin: Origin) => regions.some((region) => region.origin === origin);
  const heldAt = (region: CartRegion, place: string) => region.held.get(place) ?? new Set<number>();

  function receive(region: CartRegion, place: string, index: number): void {
    region.held.set(place, heldAt(region, place).add(index));
  }

  /** Versions that can still reach somebody: all of a living origin's, of another one those that a region holds. */
  function available(place: string, origin: Origin): readonly number[] {
    const all = (versions.get(place) ?? []).map((_, index) => index);
    return isAlive(origin)
      ? all
      : all.filter((index) => regions.some((region) => heldAt(region, place).has(index)));
  }

  return {
    regions,
    isAlive,
    region: (index: number) => at(regions, index),
    allItems: (cart: CartName) =>
      origins.flatMap((origin) => (versions.get(placeOf(cart, origin)) ?? []).map(({ item }) => item)),
    versions: (cart: CartName, origin: Origin): readonly Version[] =>
      versions.get(placeOf(cart, origin)) ?? [],
    /** What a region that is alive has seen, or will. */
    surviving: (cart: CartName, origin: Origin): readonly Version[] => {
      const place = placeOf(cart, origin);
      return available(place, origin).map((index) => at(versions.get(place) ?? [], index));
    },
    count: () => [...versions.values()].reduce((sum, list) => sum + list.length, 0),

    /** The region's own copy is one of the versions that it holds. */
    view(region: CartRegion, cart: CartName): CartReplicas {
      const held = origins.flatMap((origin) => {
        const place = placeOf(cart, origin);
        return [...heldAt(region, place)].map((index) => at(versions.get(place) ?? [], index).cart);
      });
      return replicasOf(held);
    },

    known(region: CartRegion): Known {
      return new Map([...region.held].map(([place, indices]) => [place, Math.max(...indices) + 1]));
    },

    deliver(cart: CartName, origin: Origin, to: CartRegion, back: number): void {
      const place = placeOf(cart, origin);
      const arriving = available(place, origin);
      const index = arriving[Math.max(0, arriving.length - 1 - back)];
      if (index !== undefined && origin !== to.origin) {
        receive(to, place, index);
      }
    },

    async write(region: CartRegion, cart: CartName, update: Update): Promise<UpdateOutcome> {
      const outcome = await region.items.update("Carts", cartKey(cartIds[cart], region.origin), update);
      if (!outcome.ok) {
        throw new Error(JSON.stringify(outcome.error));
      }
      if (outcome.value.type === "written") {
        const place = placeOf(cart, region.origin);
        const list = versions.get(place) ?? [];
        versions.set(place, list);
        list.push({ item: outcome.value.item, cart: readCart(outcome.value.item) });
        receive(region, place, list.length - 1);
      }
      return outcome.value;
    },

    /** The first region starts again with nothing, as its next incarnation. Happens once. */
    rebear(): void {
      if (at(regions, 0).origin === at(origins, 0)) {
        regions[0] = begin(at(origins, regionCount));
      }
    },
  };
}

export type CartRegions = ReturnType<typeof createCartRegions>;
