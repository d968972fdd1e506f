import {
  covers,
  mergeVectors,
  missingEntries,
  type Origin,
  type VersionVector,
  vectorToText,
} from "@antipode/core";
import { integerBetween, pick, type Random } from "../../../links/random.ts";
import type { Attempt } from "../../attempt.ts";
import { createSequence, originIn } from "../../attempt.ts";
import type { CartChange, CartEnd, CartHistory, CartSight, Lines } from "../history.ts";

/** What a shop that breaks its promises does wrong. */
export type Defect =
  /** Takes an operation, says so, and forgets it. */
  | "forgets"
  /** A retry in another region counts as another operation. */
  | "counts retries"
  /** A removal takes away what its region had not seen. */
  | "removes unseen"
  /** A removal leaves one of the operations that it had seen. */
  | "removes too little"
  /** A set is done on whatever the region has, though the client was told that it covers the token. */
  | "ignores tokens"
  /** Each merge of a guest's cart copies everything under new ids. */
  | "copies guests again";

interface Operation {
  readonly sku: string;
  readonly kind: "+" | "=";
  readonly quantity: number;
}

interface Item {
  readonly counter: number;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly cancelled: ReadonlySet<string>;
  /** Removals and merges that were done. */
  readonly done: ReadonlySet<string>;
}

type Replica = ReadonlyMap<Origin, Item>;

const regions = ["us-east-1", "eu-west-1", "ap-south-1"] as const;
const nothing: Item = { counter: 0, operations: new Map(), cancelled: new Set(), done: new Set() };
/** Requests before which the region heard of everything. */
const fetchedShare = 0.2;
/** Requests without an answer; half of them were carried out. */
const lostShare = 0.12;
const skus = ["ADDED", "REPLACED"] as const;

const vectorOf = (replica: Replica): VersionVector =>
  Object.fromEntries([...replica].map(([origin, { counter }]) => [origin, counter]));

function liveOf(replica: Replica): ReadonlyMap<string, Operation> {
  const live = new Map([...replica.values()].flatMap(({ operations }) => [...operations]));
  for (const { cancelled } of replica.values()) for (const id of cancelled) live.delete(id);
  return live;
}

function linesOf(replica: Replica): Lines {
  const lines: Record<string, number> = {};
  for (const sku of skus) {
    const live = [...liveOf(replica).values()].filter((operation) => operation.sku === sku);
    const set = Math.max(0, ...live.filter(({ kind }) => kind === "=").map(({ quantity }) => quantity));
    const added = live.filter(({ kind }) => kind === "+").reduce((sum, { quantity }) => sum + quantity, 0);
    if (set + added > 0) lines[sku] = set + added;
  }
  return lines;
}

/**
 * A shop of three regions in a few lines: an item for each region and cart, copied whole. Not the real one, so that
 * the judge is tried against another reading of the same promises.
 */
export function playShop(random: Random, steps: number, defect?: Defect): CartHistory {
  const sequence = createSequence();
  const replicas = new Map<string, Replica>();
  const changes: CartChange[] = [];
  const sights: CartSight[] = [];
  const tokens = new Map<string, VersionVector>();
  let forged = 0;

  const replicaOf = (region: string, cart: string): Replica => replicas.get(`${region} ${cart}`) ?? new Map();
  const allOf = (region: string, cart: string) => liveOf(replicaOf(region, cart));
  const see = (cart: string, region: string, wish?: CartSight["wish"]): CartSight => {
    const replica = replicaOf(region, cart);
    const sight = { cart, region, at: sequence(), vector: vectorOf(replica), lines: linesOf(replica) };
    sights.push(wish === undefined ? sight : { ...sight, wish });
    return sight;
  };
  const write = (region: string, cart: string, change: (own: Item) => Item) => {
    const replica = new Map(replicaOf(region, cart));
    const own = change(replica.get(originIn(region)) ?? nothing);
    replica.set(originIn(region), { ...own, counter: own.counter + 1 });
    replicas.set(`${region} ${cart}`, replica);
  };
  const deliver = (from: string, to: string, cart: string, origin: Origin) => {
    const item = replicaOf(from, cart).get(origin);
    if (item === undefined || item.counter <= (replicaOf(to, cart).get(origin)?.counter ?? 0)) return;
    replicas.set(`${to} ${cart}`, new Map([...replicaOf(to, cart), [origin, item]]));
  };

  const isKnown = (region: string, cart: string, id: string) =>
    [...replicaOf(region, cart).values()].some(
      ({ operations, cancelled, done }) => operations.has(id) || cancelled.has(id) || done.has(id),
    );

  const everywhere = (cart: string) => new Map(regions.flatMap((region) => [...allOf(region, cart)]));

  function carryOut(change: CartChange, region: string, id: string): void {
    const { cart, kind } = change;
    if (isKnown(region, cart, id)) return;
    if (kind === "merge") {
      const guest = replicaOf(region, change.guest);
      if (guest.size === 0) return;
      forged += 1;
      const again = defect === "copies guests again" ? `#${forged}` : "";
      const known = (one: string) => isKnown(region, cart, one);
      const copied = [...liveOf(guest)].filter(([one]) => again !== "" || !known(one));
      const gone = [...guest.values()].flatMap(({ cancelled }) => [...cancelled]);
      write(region, cart, (own) => ({
        ...own,
        operations: new Map([
          ...own.operations,
          ...copied.map(([one, operation]) => [one + again, operation] as const),
        ]),
        cancelled: new Set([...own.cancelled, ...gone]),
        done: new Set([...own.done, id]),
      }));
      return;
    }
    const { sku, quantity } = change;
    const seen = defect === "removes unseen" ? everywhere(cart) : allOf(region, cart);
    const replaced = kind === "add" ? [] : [...seen].filter(([, one]) => one.sku === sku).map(([one]) => one);
    if (defect === "removes too little") replaced.pop();
    write(region, cart, (own) => ({
      ...own,
      operations:
        kind === "remove" || (defect === "forgets" && random() < 0.2)
          ? own.operations
          : new Map([...own.operations, [id, { sku, kind: kind === "add" ? "+" : "=", quantity }]]),
      cancelled: new Set([...own.cancelled, ...replaced]),
      done: kind === "remove" ? new Set([...own.done, id]) : own.done,
    }));
  }

  function send(change: CartChange, region: string, id: string, token: VersionVector | undefined): Attempt {
    const sent = sequence();
    const origin = originIn(region);
    const fate = random();
    if (fate < lostShare / 2) return { origin, sent, end: { type: "unknown", at: sequence(), over: true } };
    const strict = (change.kind === "set" || change.kind === "remove") && change.strict;
    const wanted = token ?? {};
    const fetched = defect !== "ignores tokens" && random() < fetchedShare;
    if (fetched) {
      for (const other of regions) deliver(other, region, change.cart, originIn(other));
    }
    const covered = covers(vectorOf(replicaOf(region, change.cart)), wanted);
    if (strict && !covered && defect !== "ignores tokens") {
      return { origin, sent, end: { type: "refused", at: sequence(), problem: "not-covered" } };
    }
    carryOut(change, region, id);
    if (fate < lostShare) return { origin, sent, end: { type: "unknown", at: sequence(), over: true } };
    const vector = vectorOf(replicaOf(region, change.cart));
    const missing = vectorToText(missingEntries(vector, wanted));
    const said = missing === "0" ? "covered" : `stale; missing="${missing}"`;
    const hasToken = vectorToText(wanted) !== "0";
    const { at } = see(change.cart, region, hasToken ? { token: wanted, said } : undefined);
    return { origin, sent, end: { type: "done", at, vector, covered: hasToken && missing === "0" } };
  }

  function perform(change: CartChange): void {
    const id = `op ${changes.length}`;
    const gated = change.kind === "add" ? undefined : tokens.get(change.cart);
    const attempts: Attempt[] = [];
    while (attempts.length < 4) {
      const retryId = defect === "counts retries" ? `${id}.${attempts.length}` : id;
      const made = send(change, pick(random, regions), retryId, gated);
      attempts.push(made);
      if (made.end.type === "done") {
        tokens.set(change.cart, mergeVectors(tokens.get(change.cart) ?? {}, made.end.vector));
        if (random() < 0.85) break; // the others repeat what was answered
      }
    }
    changes.push({ ...change, attempts });
  }

  const draw = (cart: string): CartChange => {
    const common = { name: `change ${changes.length}`, cart, attempts: [] };
    const token = tokens.get(cart) ?? {};
    const strict = random() < 0.5;
    const quantity = integerBetween(random, 1, 5);
    const kind = random();
    if (kind < 0.4) return { ...common, kind: "add", sku: pick(random, skus), quantity };
    if (kind < 0.65) return { ...common, kind: "set", sku: "REPLACED", quantity, token, strict };
    if (kind < 0.85) return { ...common, kind: "remove", sku: "REPLACED", quantity: 0, token, strict };
    return cart === "cart"
      ? { ...common, kind: "merge", guest: "guest" }
      : { ...common, kind: "add", sku: "ADDED", quantity };
  };

  for (let step = 0; step < steps; step += 1) {
    perform(draw(random() < 0.7 ? "cart" : "guest"));
    if (random() < 0.3) see(pick(random, ["cart", "guest"]), pick(random, regions));
    const from = pick(random, regions);
    if (random() < 0.7) deliver(from, pick(random, regions), pick(random, ["cart", "guest"]), originIn(from));
  }
  const deliverAll = () => {
    for (const cart of ["cart", "guest"]) {
      for (const from of regions) for (const to of regions) deliver(from, to, cart, originIn(from));
    }
  };
  deliverAll();
  for (const region of regions) see("guest", region);
  const last: CartChange = {
    name: "the last merge",
    cart: "cart",
    kind: "merge",
    guest: "guest",
    attempts: [],
  };
  const sent = sequence();
  carryOut(last, regions[0], "last");
  const { at, vector } = see("cart", regions[0]);
  changes.push({
    ...last,
    attempts: [{ origin: originIn(regions[0]), sent, end: { type: "done", at, vector, covered: false } }],
  });
  deliverAll();
  const ends: CartEnd[] = ["cart", "guest"].flatMap((cart) =>
    regions.map((region) => {
      const sight = see(cart, region);
      return { cart, region, vector: sight.vector, lines: sight.lines };
    }),
  );
  return { changes, sights, ends };
}
