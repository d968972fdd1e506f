import { covers, type Origin, type VersionVector, vectorEntry } from "@antipode/core";
import { type Attempt, doneEnd, originIn } from "../attempt.ts";
import type { AddChange, CartChange, CartHistory, CartSight, MergeChange, ReplaceChange } from "./history.ts";

/** One operation that may count in a cart, and what the history says of its fate there. */
export interface Unit {
  readonly kind: "+" | "=";
  readonly quantity: number;
  /** `yes`: acknowledged, and nobody who took it away can have seen it. `no`: taken away by one who had. */
  readonly counts: "yes" | "no" | "maybe";
  /** What an answer that surely contains it covers, where something is known to. */
  readonly vector: VersionVector | undefined;
  /** When it was first sent: no answer before this can contain it. */
  readonly sent: number;
}

/** A place where an operation can have come into a cart: a region's item, above the counter that it had by then. */
interface Trace {
  readonly origin: Origin;
  readonly floor: number;
  readonly sent: number;
}

type Counted = AddChange | ReplaceChange;

const mayBeDone = (attempt: Attempt) => attempt.end.type !== "refused";

/** The history of one cart, indexed for the questions that the judge asks. */
export interface CartPast {
  /** By SKU. Guests' operations are in it as far as a merge may have brought them. */
  readonly units: ReadonlyMap<string, readonly Unit[]>;
  /** The SKUs that nobody set or removed: what is there can only have grown. */
  readonly onlyAdded: ReadonlySet<string>;
}

export function pastOf(history: CartHistory, cart: string): CartPast {
  const here = partOf(history, cart);
  const units = new Map<string, Unit[]>();
  const note = (sku: string, unit: Unit) => units.set(sku, [...(units.get(sku) ?? []), unit]);
  for (const change of here.counted) note(change.sku, unitOf(change, here));
  const replaced = new Set(here.replaces.map(({ sku }) => sku));
  for (const [guest, merges] of Map.groupBy(here.merges, (merge) => merge.guest)) {
    const there = partOf(history, guest);
    for (const change of there.counted) note(change.sku, guestUnitOf(change, { there, here, merges }));
    for (const { sku } of there.replaces) replaced.add(sku);
  }
  return { units, onlyAdded: new Set([...units.keys()].filter((sku) => !replaced.has(sku))) };
}

interface Part {
  readonly counted: readonly Counted[];
  readonly replaces: readonly ReplaceChange[];
  readonly merges: readonly MergeChange[];
  readonly sights: readonly CartSight[];
}

function partOf(history: CartHistory, cart: string): Part {
  const changes = history.changes.filter((change) => change.cart === cart && change.attempts.some(mayBeDone));
  return {
    counted: changes.filter((change): change is Counted => change.kind === "add" || change.kind === "set"),
    replaces: changes.filter(
      (change): change is ReplaceChange => change.kind === "set" || change.kind === "remove",
    ),
    merges: changes.filter((change): change is MergeChange => change.kind === "merge"),
    sights: history.sights.filter((sight) => sight.cart === cart),
  };
}

const sentFirst = (change: CartChange) => Math.min(...change.attempts.map(({ sent }) => sent));

function unitOf(change: Counted, here: Part): Unit {
  const traces = tracesOf(change.attempts, here);
  const done = doneEnd(change.attempts);
  return {
    kind: change.kind === "add" ? "+" : "=",
    quantity: change.quantity,
    counts: fateOf(change, { traces, surelyThere: done !== undefined, here }),
    vector: done?.vector,
    sent: sentFirst(change),
  };
}

interface GuestView {
  readonly there: Part;
  readonly here: Part;
  readonly merges: readonly MergeChange[];
}

/** A guest's operation in the shopper's cart: alive where it is alive in both, and surely there once a merge saw it. */
function guestUnitOf(change: Counted, { there, here, merges }: GuestView): Unit {
  const done = doneEnd(change.attempts);
  const carriers = merges.filter((merge) =>
    merge.attempts.some((tried) => surelyCarries(tried, { change, merge, there })),
  );
  const inGuest = fateOf(change, {
    traces: tracesOf(change.attempts, there),
    surelyThere: done !== undefined,
    here: there,
  });
  const inCart = fateOf(change, {
    traces: merges.flatMap((merge) => tracesOf(merge.attempts, here)),
    surelyThere: carriers.length > 0,
    here,
  });
  return {
    kind: change.kind === "add" ? "+" : "=",
    quantity: change.quantity,
    // A removal by the guest is carried by the same merges: by one that saw the addition, perhaps, and not the removal.
    counts: weaker(inCart, inGuest),
    vector: carriers.map((merge) => doneEnd(merge.attempts)?.vector).find((vector) => vector !== undefined),
    sent: Math.min(...merges.map(sentFirst)),
  };
}

const weaker = (left: Unit["counts"], right: Unit["counts"]): Unit["counts"] => {
  if (left === "no" || right === "no") return "no";
  return left === "yes" && right === "yes" ? "yes" : "maybe";
};

interface Carried {
  readonly change: Counted;
  readonly merge: MergeChange;
  readonly there: Part;
}

/**
 * Whether this attempt of a merge certainly read the guest's operation: its region had taken that itself, or had
 * shown it without being asked to look elsewhere, and no earlier attempt can have been the one that did the work.
 */
function surelyCarries(tried: Attempt, { change, merge, there }: Carried): boolean {
  if (
    tried.end.type !== "done" ||
    merge.attempts.some((other) => other.sent < tried.sent && mayBeDone(other))
  )
    return false;
  const done = doneEnd(change.attempts);
  if (done === undefined) return false;
  const taken = change.attempts.some(
    ({ origin, end }) => end.type === "done" && origin === tried.origin && end.at < tried.sent,
  );
  const shown = there.sights.some(
    ({ region, at, vector, wish }) =>
      wish === undefined &&
      originIn(region) === tried.origin &&
      at < tried.sent &&
      covers(vector, done.vector),
  );
  return taken || shown;
}

function tracesOf(attempts: readonly Attempt[], here: Part): readonly Trace[] {
  return attempts.filter(mayBeDone).map(({ origin, sent }) => ({
    origin,
    sent,
    floor: Math.max(
      0,
      ...here.sights.filter(({ at }) => at < sent).map(({ vector }) => vectorEntry(vector, origin)),
    ),
  }));
}

interface Case {
  readonly traces: readonly Trace[];
  readonly surelyThere: boolean;
  readonly here: Part;
}

function fateOf(change: Counted, { traces, surelyThere, here }: Case): Unit["counts"] {
  const others = here.replaces.filter((other) => other !== change && other.sku === change.sku);
  if (others.some((other) => surelySaw(other, change)) || seenGone(change, here)) return "no";
  const threatened = others.some((other) => other.attempts.some((tried) => canHaveSeen(tried, traces)));
  return surelyThere && !threatened ? "yes" : "maybe";
}

/** A region saw at most what its answer covers; one that did not answer may have seen anything. */
function canHaveSeen({ end }: Attempt, traces: readonly Trace[]): boolean {
  if (end.type === "refused") return false;
  if (end.type === "unknown") return true;
  return traces.some(({ origin, floor, sent }) => sent < end.at && vectorEntry(end.vector, origin) > floor);
}

/** A set or removal is done on a read that covers its token: by a strict region always, by others when they say so. */
function surelySaw(replace: ReplaceChange, change: Counted): boolean {
  const done = doneEnd(change.attempts);
  if (done === undefined || replace.cart !== change.cart || !covers(replace.token, done.vector)) return false;
  const [first, ...later] = replace.attempts.filter(mayBeDone);
  if (replace.strict) return [first, ...later].some((tried) => tried?.end.type === "done");
  return first?.end.type === "done" && first.end.covered;
}

/** Somebody was shown a cart that contains the operation and has nothing of its SKU: it cannot come back. */
function seenGone(change: Counted, here: Part): boolean {
  const done = doneEnd(change.attempts);
  if (done === undefined || change.quantity === 0) return false;
  return here.sights.some(
    ({ cart, vector, lines }) =>
      cart === change.cart && covers(vector, done.vector) && (lines[change.sku] ?? 0) === 0,
  );
}

/** Every quantity that a line of these operations may have, in order: the largest set one, and what was added. */
export function possibleQuantities(units: readonly Unit[]): readonly number[] {
  const surelySet = units.filter(({ kind, counts }) => kind === "=" && counts === "yes");
  const floor = Math.max(0, ...surelySet.map(({ quantity }) => quantity));
  const perhapsSet = units.filter(
    ({ kind, counts, quantity }) => kind === "=" && counts === "maybe" && quantity > floor,
  );
  let sums = new Set<number>([0]);
  for (const { kind, counts, quantity } of units) {
    if (kind !== "+" || counts === "no") continue;
    const withIt = [...sums].map((sum) => sum + quantity);
    sums = new Set(counts === "yes" ? withIt : [...sums, ...withIt]);
  }
  const sets = [floor, ...perhapsSet.map(({ quantity }) => quantity)];
  return [...new Set(sets.flatMap((set) => [...sums].map((sum) => set + sum)))].sort((a, b) => a - b);
}
