import { type Origin, type VersionVector, vectorEntry } from "@antipode/core";
import { pick, type Random } from "../../../links/random.ts";
import { type Attempt, createSequence, originIn } from "../../attempt.ts";
import type { Edit, EditHistory, FieldView, ProductSight, ShownConflict } from "../history.ts";

/** What a catalog that breaks its promises does wrong. */
export type Defect =
  /** Of concurrent edits the newest replaces the others. */
  | "lets the last writer win"
  /** One region's feed misses what was in conflict. */
  | "forgets to feed"
  | "serves the dearest"
  /** Takes an edit, says so, and forgets it. */
  | "forgets"
  /** An edit replaces what its region had not seen. */
  | "replaces unseen"
  /** What was replaced stays in the conflict. */
  | "never replaces";

interface Register {
  readonly value: number;
  readonly operationId: string;
  readonly clock: VersionVector;
  readonly stamp: string;
}

interface Item {
  readonly counter: number;
  readonly register: Register | undefined;
  readonly taken: ReadonlySet<string>;
}

type Replica = ReadonlyMap<Origin, Item>;

const regions = ["us-east-1", "eu-west-1", "ap-south-1"] as const;
const untouched: Item = { counter: 0, register: undefined, taken: new Set() };
/** Requests without an answer; half of them were carried out. */
const lostShare = 0.15;

export const product = "lamp";
export const field = "price#LAMP#EUR";

export interface PlayedRound {
  readonly history: EditHistory;
  readonly views: readonly FieldView[];
}

/** A catalog of one price in three regions, in a few lines: another reading of the promises than the real one's. */
export function playCatalog(random: Random, rounds: number, defect?: Defect): readonly PlayedRound[] {
  const sequence = createSequence();
  const replicas = new Map<string, Replica>();
  const feeds = new Map<string, ShownConflict[]>();
  const edits: Edit[] = [];
  const sights: ProductSight[] = [];

  const replicaOf = (region: string): Replica => replicas.get(region) ?? new Map();
  const vectorOf = (region: string): VersionVector =>
    Object.fromEntries([...replicaOf(region)].map(([origin, { counter }]) => [origin, counter]));
  const deliver = (from: string, to: string) => {
    const item = replicaOf(from).get(originIn(from));
    if (item !== undefined) replicas.set(to, new Map([...replicaOf(to), [originIn(from), item]]));
  };

  function carryOut(region: string, value: number, operationId: string): void {
    const replica = replicaOf(region);
    if ([...replica.values()].some(({ taken }) => taken.has(operationId))) return;
    const own = replica.get(originIn(region)) ?? untouched;
    const counter = own.counter + 1;
    const all = Object.fromEntries(
      regions.map((other) => [originIn(other), vectorEntry(vectorOf(other), originIn(other))]),
    );
    const seen = defect === "replaces unseen" ? all : vectorOf(region);
    const clock =
      defect === "never replaces"
        ? { [originIn(region)]: counter }
        : { ...seen, [originIn(region)]: counter };
    const register = { value, operationId, clock, stamp: String(sequence()).padStart(9, "0") };
    const forgotten = defect === "forgets" && random() < 0.3;
    replicas.set(
      region,
      new Map([
        ...replica,
        [
          originIn(region),
          {
            counter,
            register: forgotten ? own.register : register,
            taken: new Set([...own.taken, operationId]),
          },
        ],
      ]),
    );
  }

  function send(region: string, value: number, operationId: string): Attempt {
    const sent = sequence();
    const origin = originIn(region);
    const fate = random();
    if (fate >= lostShare / 2) carryOut(region, value, operationId);
    if (fate < lostShare) return { origin, sent, end: { type: "unknown", at: sequence(), over: true } };
    const vector = vectorOf(region);
    const at = sequence();
    sights.push({ product, at, vector, barrier: false });
    return { origin, sent, end: { type: "done", at, vector, covered: false } };
  }

  function standing(region: string): readonly (Register & { readonly origin: Origin })[] {
    const registers = [...replicaOf(region)].flatMap(([origin, { register }]) =>
      register === undefined ? [] : [{ ...register, origin }],
    );
    const stands = registers.filter(
      (one) =>
        !registers.some(
          (other) =>
            other.origin !== one.origin &&
            vectorEntry(other.clock, one.origin) >= vectorEntry(one.clock, one.origin),
        ),
    );
    const byOperation = new Map(stands.map((one) => [one.operationId, one]));
    const newest = [...byOperation.values()].sort((left, right) => (left.stamp < right.stamp ? 1 : -1));
    return defect === "lets the last writer win" ? newest.slice(0, 1) : newest;
  }

  function viewOf(region: string): FieldView {
    const values = standing(region);
    const amounts = values.map(({ value }) => value);
    const served = defect === "serves the dearest" ? Math.max(...amounts) : Math.min(...amounts);
    const shown: ShownConflict | undefined =
      values.length > 1
        ? {
            id: values.map(({ operationId }) => operationId).join(),
            field,
            values: values.map((one) => ({ ...one, served: one.value === served })),
          }
        : undefined;
    const fed = feeds.get(region) ?? [];
    const skipped = defect === "forgets to feed" && region === regions[1];
    if (shown !== undefined && !skipped) feeds.set(region, [...fed, shown]);
    return {
      region,
      vector: vectorOf(region),
      value: served,
      conflict: shown,
      fed: feeds.get(region) ?? [],
    };
  }

  carryOut(regions[0], 500, "");
  for (const to of regions) deliver(regions[0], to);
  const found = vectorOf(regions[0]);
  edits.push({
    name: "the catalog",
    product,
    field,
    value: 500,
    operationId: "",
    attempts: [
      { origin: originIn(regions[0]), sent: 0, end: { type: "done", at: 0, vector: found, covered: false } },
    ],
  });
  return Array.from({ length: rounds }, (_, round) => {
    for (const [index] of regions.entries()) {
      const name = `edit ${round}.${index}`;
      const value = 1_000 - round * 10 + index;
      const attempts: Attempt[] = [];
      while (attempts.length < 4) {
        const region = attempts.length === 0 ? (regions[index] ?? "") : pick(random, regions);
        const made = send(region, value, name);
        attempts.push(made);
        if (made.end.type === "done" && random() < 0.9) break;
      }
      edits.push({ name, product, field, value, operationId: name, attempts });
      if (random() < 0.3) deliver(pick(random, regions), pick(random, regions));
    }
    for (const from of regions) for (const to of regions) deliver(from, to);
    for (const region of regions)
      sights.push({ product, at: sequence(), vector: vectorOf(region), barrier: true });
    const views = regions.map(viewOf);
    return { history: { edits: [...edits], sights: [...sights] }, views };
  });
}
