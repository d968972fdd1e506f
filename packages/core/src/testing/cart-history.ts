import { type CartReplicas, liveOperations, viewCart } from "../cart/cart.ts";
import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import { type CartName, contentById, skus } from "./cart-steps.ts";

/*
 * The specification of carts, over the history of what was written and by whom, who had seen what. It knows nothing
 * of how an item is laid out.
 */

/** `main/us-east-1#1` → how many of that origin's writes were seen. */
export type Known = ReadonlyMap<string, number>;

export type Ids = ReadonlySet<OperationId>;

export const noIds: Ids = new Set();

export function union(...sets: readonly Ids[]): Ids {
  return new Set(sets.flatMap((set) => [...set]));
}

export function minus(left: Ids, right: Ids): Ids {
  return new Set([...left].filter((id) => !right.has(id)));
}

export function placeOf(cart: CartName, origin: Origin): string {
  return `${cart}/${origin}`;
}

/** What one write says. */
export interface Fact {
  /** Operations that whoever has seen the write sees taken, and those that it may bring beside them. */
  readonly takes: Ids;
  readonly mayTake: Ids;
  /** Operations that whoever has seen the write sees gone, removed or ordered, and those that it may take beside them. */
  readonly cancels: Ids;
  readonly mayCancel: Ids;
  /** Ids of removals and merges that are known from now on. */
  readonly markers: Ids;
  /** What its writer had seen and may have copied from. */
  readonly known: Known;
}

export interface History {
  record(cart: CartName, origin: Origin, fact: Fact): void;
  /** What was known to somebody whose writes were seen. */
  closure(known: Known): Known;
  taken(cart: CartName, known: Known): Ids;
  mayBeTaken(cart: CartName, known: Known): Ids;
  gone(cart: CartName, known: Known): Ids;
  /** Gone for somebody whose writes were seen, who may have passed it on. */
  mayBeGone(cart: CartName, known: Known): Ids;
  markers(cart: CartName, known: Known): Ids;
}

export function mergeKnown(left: Known, right: Known): Known {
  const merged = new Map(left);
  for (const [place, count] of right) {
    merged.set(place, Math.max(merged.get(place) ?? 0, count));
  }
  return merged;
}

export function createHistory(): History {
  /** By place, after each write: everything that its writes say up to there. */
  const writes = new Map<string, Fact[]>();
  const lastSeen = (place: string, known: Known) => writes.get(place)?.[(known.get(place) ?? 0) - 1];

  function closure(known: Known): Known {
    let all = known;
    for (const place of known.keys()) {
      all = mergeKnown(all, lastSeen(place, known)?.known ?? new Map());
    }
    return all;
  }

  const collect =
    (part: "takes" | "mayTake" | "cancels" | "mayCancel" | "markers") => (cart: CartName, known: Known) =>
      union(
        ...[...known.keys()]
          .filter((place) => place.startsWith(`${cart}/`))
          .map((place) => lastSeen(place, known)?.[part] ?? noIds),
      );

  return {
    closure,
    taken: collect("takes"),
    mayBeTaken: collect("mayTake"),
    gone: collect("cancels"),
    mayBeGone: (cart, known) => collect("mayCancel")(cart, closure(known)),
    markers: collect("markers"),
    record(cart, origin, fact) {
      const place = placeOf(cart, origin);
      const before = writes.get(place) ?? [];
      const last = before.at(-1);
      const known = mergeKnown(closure(fact.known), last?.known ?? new Map());
      const next: Fact = {
        takes: union(last?.takes ?? noIds, fact.takes),
        mayTake: union(last?.mayTake ?? noIds, fact.mayTake, fact.takes),
        cancels: union(last?.cancels ?? noIds, fact.cancels),
        mayCancel: union(last?.mayCancel ?? noIds, fact.mayCancel, fact.cancels),
        markers: union(last?.markers ?? noIds, fact.markers),
        known: mergeKnown(known, new Map([[place, before.length + 1]])),
      };
      writes.set(place, [...before, next]);
    },
  };
}

/** Operations whose effect can be seen: those with units. */
function withUnits(ids: Ids): Ids {
  return new Set([...ids].filter((id) => (contentById.get(id)?.quantity ?? 0) > 0));
}

/** Bounds of what is live for one who has seen so much: what must be, and what may be. They meet when all is seen. */
export function liveBounds(history: History, cart: CartName, known: Known): { must: Ids; may: Ids } {
  return {
    must: withUnits(minus(history.taken(cart, known), history.mayBeGone(cart, known))),
    may: withUnits(minus(history.mayBeTaken(cart, known), history.gone(cart, known))),
  };
}

export function expectedLines(live: Ids): readonly { sku: string; quantity: number }[] {
  const operations = [...live].map((id) => contentById.get(id));
  return skus
    .map((sku) => {
      const mine = operations.filter((operation) => operation?.sku === sku);
      const quantities = (kind: string) =>
        mine.filter((operation) => operation?.kind === kind).map((operation) => operation?.quantity ?? 0);
      const added = quantities("+").reduce((sum, quantity) => sum + quantity, 0);
      return { sku, quantity: Math.max(0, ...quantities("=")) + added };
    })
    .filter(({ quantity }) => quantity > 0);
}

/** How what a region shows differs from what the history allows it to show. */
export function viewFaults(
  history: History,
  cart: CartName,
  known: Known,
  replicas: CartReplicas,
): readonly string[] {
  const live = withUnits(new Set(liveOperations(replicas).keys()));
  const { must, may } = liveBounds(history, cart, known);
  const shown = JSON.stringify(viewCart(replicas).lines);
  const expected = JSON.stringify(expectedLines(live));
  return [
    ...[...minus(must, live)].map((id) => `${cart}: ${id} was taken, is not gone, and is not shown`),
    ...[...minus(live, may)].map((id) => `${cart}: ${id} is shown, and was never taken or is gone`),
    ...(shown === expected ? [] : [`${cart}: shows ${shown}, not ${expected}`]),
  ];
}
