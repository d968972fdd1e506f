import { viewCart } from "../cart/cart.ts";
import type { Origin } from "../ids/origin.ts";
import type { StoredItem } from "../items/item.ts";
import {
  type Fact,
  type Ids,
  type Known,
  liveBounds,
  minus,
  noIds,
  placeOf,
  union,
  viewFaults,
} from "./cart-history.ts";
import { type CartWorld, lineOf, orderedBefore, orderedIn } from "./cart-intentions.ts";
import { itemFaults, readCart } from "./cart-invariants.ts";
import type { CartRegion } from "./cart-regions.ts";
import { type CartChange, type CartName, contentById, contentOf, idOf } from "./cart-steps.ts";

/** What was seen of that cart alone: one cart's changes copy nothing from another, but for a merge. */
function ofCart(cart: CartName, known: Known): Known {
  return new Map([...known].filter(([place]) => place.startsWith(`${cart}/`)));
}

/** What the specification says of a write of this change by one who had seen so much. */
function factOf({ history }: CartWorld, change: CartChange, known: Known): Fact {
  const seen = ofCart(change.cart, known);
  const nothing: Fact = {
    takes: noIds,
    mayTake: noIds,
    cancels: noIds,
    mayCancel: noIds,
    markers: noIds,
    known: seen,
  };
  if (change.type === "begin" || change.type === "end") {
    return nothing;
  }
  const gone = history.mayBeGone(change.cart, seen);
  const id = new Set([idOf(change.type, change.cart, change.id)]);
  if (change.type === "add") {
    return { ...nothing, takes: id, known: new Map() }; // blind: it has seen nothing that it could copy
  }
  if (change.type === "merge") {
    const guest = liveBounds(history, "guest", known);
    return {
      takes: minus(minus(guest.must, history.mayBeTaken("main", known)), gone),
      mayTake: guest.may,
      cancels: history.gone("guest", known),
      mayCancel: history.mayBeGone("guest", known),
      markers: id,
      known,
    };
  }
  const { sku } = contentOf(change.type, change.id);
  const ofSku = [...history.mayBeTaken(change.cart, seen)].filter(
    (taken) => contentById.get(taken)?.sku === sku && !id.has(taken),
  );
  const mayCancel = new Set(ofSku);
  const cancels = new Set(
    ofSku.filter((taken) => history.taken(change.cart, seen).has(taken) && !gone.has(taken)),
  );
  return change.type === "set"
    ? { ...nothing, takes: id, cancels, mayCancel }
    : { ...nothing, markers: id, cancels, mayCancel };
}

function judgeGeneration(world: CartWorld, region: CartRegion, item: StoredItem): void {
  const { generation, cancelled } = readCart(item);
  for (let before = 0; before < generation; before += 1) {
    if (!world.decided.has(before)) {
      world.faults.push(`${region.origin}: past generation ${before}, which is not decided`);
    }
  }
  for (const id of minus(orderedBefore(world, generation), cancelled)) {
    world.faults.push(`${region.origin}: of generation ${generation}, and lacks ${id}, ordered before it`);
  }
}

function judgeBegin(world: CartWorld, region: CartRegion, known: Known, item: StoredItem): void {
  const { generation, ordered } = readCart(item);
  const taken = ordered.get(generation) ?? noIds;
  const { must, may } = liveBounds(world.history, "main", known);
  const withUnits = new Set([...taken].filter((id) => (contentById.get(id)?.quantity ?? 0) > 0));
  world.faults.push(...[...minus(must, taken)].map((id) => `${region.origin}: checkout left out ${id}`));
  world.faults.push(
    ...[...minus(withUnits, may)].map((id) => `${region.origin}: checkout took ${id}, not live`),
  );
  world.begun.set(`${generation}/${region.origin}`, taken);
}

/** Whether a change that was known already was made again. A blind add knows of its own item alone. */
function judgeOnce(
  { history, faults }: CartWorld,
  region: CartRegion,
  change: CartChange,
  seen: Known,
): void {
  if (change.type === "begin" || change.type === "end") {
    return;
  }
  const own = placeOf(change.cart, region.origin);
  const known = change.type === "add" ? new Map([[own, seen.get(own) ?? 0]]) : seen;
  const before = [history.taken, history.gone, history.markers].map((part) => part(change.cart, known));
  if (union(...before).has(idOf(change.type, change.cart, change.id))) {
    faults.push(`${region.origin} did again ${JSON.stringify(change)}`);
  }
}

/** A write has happened: judges the item, and enters it in the history. */
export function judgeWrite(
  world: CartWorld,
  region: CartRegion,
  change: CartChange,
  known: Known,
  item: StoredItem,
): void {
  judgeOnce(world, region, change, known);
  const before = world.regions.versions(change.cart, region.origin).at(-2);
  world.faults.push(...itemFaults(before?.item, item));
  let ordered: Ids = noIds;
  if (change.cart === "main") {
    judgeGeneration(world, region, item);
    ordered = orderedBefore(world, readCart(item).generation);
  }
  if (change.type === "begin") {
    judgeBegin(world, region, known, item);
  }
  const fact = factOf(world, change, known);
  world.history.record(change.cart, region.origin, { ...fact, cancels: union(fact.cancels, ordered) });
}

/** What came of a change, and what had been seen when that was found. */
export interface Answer {
  readonly type: string;
  readonly seen: Known;
}

/** The answer's promise: from now on the region knows of the operation, live or gone. */
export function judgeAnswer(
  world: CartWorld,
  region: CartRegion,
  change: CartChange,
  { type, seen }: Answer,
): void {
  if (change.type === "begin" || change.type === "end") {
    return;
  }
  const { history, regions } = world;
  const known = regions.known(region);
  const all = history.closure(known);
  const id = idOf(change.type, change.cart, change.id);
  const isKnown =
    change.type === "add" || change.type === "set"
      ? history.mayBeTaken(change.cart, known).has(id) || history.mayBeGone(change.cart, known).has(id)
      : history.markers(change.cart, all).has(id);
  const nothingToMerge =
    change.type === "merge" && ![...seen.keys()].some((place) => place.startsWith("guest/"));
  if (!["written", "done-already"].includes(type) || !(isKnown || nothingToMerge)) {
    world.faults.push(`${region.origin} answered ${type} to ${JSON.stringify(change)}`);
  }
  world.acknowledged.push({ change, known });
}

export function judgeView(world: CartWorld, region: CartRegion): void {
  const known = world.regions.known(region);
  for (const cart of ["main", "guest"] as const) {
    const shown = viewFaults(world.history, cart, known, world.regions.view(region, cart));
    world.faults.push(...shown.map((fault) => `${region.origin}, ${fault}`));
  }
}

function covers(known: Known, other: Known): boolean {
  return [...other].every(([place, count]) => (known.get(place) ?? 0) >= count);
}

/** Whether the winner's checkout reached anybody before its region's end. */
function winnerIsLost({ regions }: CartWorld, winner: Origin, generation: number): boolean {
  return (
    !regions.isAlive(winner) &&
    regions
      .surviving("main", winner)
      .every(({ cart }) => !cart.ordered.has(generation) && cart.generation <= generation)
  );
}

function judgeOrders(world: CartWorld): void {
  const ordered = [...world.decided.keys()].flatMap((generation) => [...orderedIn(world, generation)]);
  if (new Set(ordered).size < ordered.length) {
    world.faults.push("an operation was ordered in two generations");
  }
}

/** Everything has arrived that ever will, and every region has taken notice of every decision. */
export function judgeEnd(world: CartWorld): void {
  const { regions, history, decided, faults } = world;
  judgeOrders(world);
  const first = regions.region(0);
  const known = regions.known(first);
  const cart = viewCart(regions.view(first, "main"));
  for (const region of regions.regions) {
    judgeView(world, region);
    if (JSON.stringify(viewCart(regions.view(region, "main"))) !== JSON.stringify(cart)) {
      faults.push(`${region.origin} does not show what ${first.origin} shows`);
    }
  }
  const winner = decided.get(cart.generation);
  if (winner !== undefined && (winner === "failed" || !winnerIsLost(world, winner, cart.generation))) {
    faults.push(`generation ${cart.generation} is decided, and no region moved on`);
  }
  for (const { change, known: before } of world.acknowledged) {
    if ((change.type === "add" || change.type === "set") && covers(known, before)) {
      const { operationId } = lineOf(change, 0);
      const all = union(history.mayBeTaken(change.cart, known), history.mayBeGone(change.cart, known));
      if (!all.has(operationId)) {
        faults.push(`${change.cart}: ${operationId} was acknowledged, and nothing of it is left`);
      }
    }
  }
}
