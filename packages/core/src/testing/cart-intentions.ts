import { addUpdate } from "../cart/add.ts";
import { viewCart } from "../cart/cart.ts";
import { planRemove, planSet } from "../cart/change.ts";
import { planBegin, planFailed, planOrdered } from "../cart/generation.ts";
import { planGuestMerge } from "../cart/guest-merge.ts";
import type { Origin } from "../ids/origin.ts";
import type { Update } from "../ports/items.ts";
import { createHistory, type History, type Ids, type Known, noIds, union } from "./cart-history.ts";
import { type CartRegion, type CartRegions, createCartRegions } from "./cart-regions.ts";
import { type CartChange, cartIds, contentOf, idOf } from "./cart-steps.ts";

/** Everything that a schedule has brought about. */
export interface CartWorld {
  readonly regions: CartRegions;
  readonly history: History;
  /** By `<generation>/<origin>`, what that region's checkout took. */
  readonly begun: Map<string, Ids>;
  /** By generation, who won it, or that nobody did. */
  readonly decided: Map<number, Origin | "failed">;
  /** What clients were told was done, and what the region that said so had seen. */
  readonly acknowledged: { readonly change: CartChange; readonly known: Known }[];
  /** How the run differs from the specification. */
  readonly faults: string[];
}

export function createCartWorld(): CartWorld {
  return {
    regions: createCartRegions(),
    history: createHistory(),
    begun: new Map(),
    decided: new Map(),
    acknowledged: [],
    faults: [],
  };
}

export function orderedIn(world: CartWorld, generation: number): Ids {
  const winner = world.decided.get(generation);
  return winner === undefined || winner === "failed"
    ? noIds
    : (world.begun.get(`${generation}/${winner}`) ?? noIds);
}

export function orderedBefore(world: CartWorld, generation: number): Ids {
  return union(...Array.from({ length: generation }, (_, before) => orderedIn(world, before)));
}

export type Plan = { readonly type: "write"; readonly update: Update } | { readonly type: string };

export function isWrite(plan: Plan): plan is { readonly type: "write"; readonly update: Update } {
  return plan.type === "write";
}

/** What an instance of the api has made up its mind to do, and what it had seen when it did. */
export interface Intention {
  readonly plan: Plan;
  readonly known: Known;
}

export function lineOf(change: Extract<CartChange, { type: "add" | "set" | "remove" }>, nowMs: number) {
  const { sku, quantity } = contentOf(change.type, change.id);
  const operationId = idOf(change.type, change.cart, change.id);
  return { cartId: cartIds[change.cart], operationId, sku, quantity, nowMs };
}

function planEnd({ regions, decided }: CartWorld, region: CartRegion, ask: boolean, nowMs: number): Plan {
  const seen = regions.view(region, "main");
  const [open] = seen.get(region.origin)?.ordered.keys() ?? [];
  const generation = open ?? viewCart(seen).generation;
  const winner = decided.get(generation);
  const step = { cartId: cartIds.main, generation, nowMs };
  if (winner === undefined) {
    return { type: "undecided" };
  }
  if (winner === "failed") {
    return planFailed(seen, region.origin, step);
  }
  if (ask && regions.isAlive(winner)) {
    regions.deliver("main", winner, region, 0);
  }
  return planOrdered(regions.view(region, "main"), region.origin, { ...step, winner });
}

function planOf(world: CartWorld, region: CartRegion, change: CartChange, nowMs: number): Plan {
  const replicas = world.regions.view(region, change.cart);
  const cartId = cartIds[change.cart];
  switch (change.type) {
    case "add":
      return { type: "write", update: addUpdate(lineOf(change, nowMs)) };
    case "set":
      return planSet(replicas, region.origin, lineOf(change, nowMs));
    case "remove":
      return planRemove(replicas, region.origin, lineOf(change, nowMs));
    case "merge": {
      const guest = world.regions.view(region, "guest");
      const operationId = idOf("merge", "main", change.id);
      return planGuestMerge(replicas, region.origin, { cartId, operationId, guest, nowMs });
    }
    case "begin":
      return planBegin(replicas, region.origin, { cartId, nowMs, generation: viewCart(replicas).generation });
    case "end":
      return planEnd(world, region, change.ask, nowMs);
  }
}

export function intend(world: CartWorld, region: CartRegion, change: CartChange, nowMs: number): Intention {
  const plan = planOf(world, region, change, nowMs);
  return { plan, known: world.regions.known(region) };
}
