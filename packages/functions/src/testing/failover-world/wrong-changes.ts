import { err, type Items, type Origin, ok, type StoredItem, type TransactionWrite } from "@antipode/core";
import type { Deployment } from "../../platform/deployment.ts";
import type { LookAt } from "../../prober/look-at.ts";
import type { TellFunctions } from "../../prober/tell-functions.ts";

/** A change of the functions that judges must catch: what one of them gets instead of what it was given. */
export interface WrongChange {
  readonly proberItems?: (items: Items, deployment: Deployment) => Items;
  readonly dispatcherItems?: (items: Items) => Items;
  readonly apiItems?: (items: Items, deployment: Deployment) => Items;
  readonly runItems?: (items: Items, origin: Origin) => Items;
  readonly tell?: (tell: TellFunctions) => TellFunctions;
  readonly news?: (event: unknown) => unknown;
  readonly lookAt?: (lookAt: LookAt, deployment: Deployment) => LookAt;
  readonly timeLeftMs?: (leftMs: number) => number;
}

export const nothingWrong: WrongChange = {};

/** Writes of one kind of item are lost, and said to be done. */
const losingWritesOf =
  (kind: string) =>
  (items: Items): Items => ({
    ...items,
    put: async (table, item, onlyIf) =>
      item.sk === kind ? ok({ type: "written" }) : items.put(table, item, onlyIf),
    update: async (table, key, update) =>
      key.sk === kind ? ok({ type: "written", item: { ...key } }) : items.update(table, key, update),
  });

const reading =
  (read: (all: readonly StoredItem[], pk: string) => readonly StoredItem[]) =>
  (items: Items): Items => ({
    ...items,
    async queryPartition(table, pk) {
      const found = await items.queryPartition(table, pk);
      return found.ok ? ok(table === "Control" ? read(found.value, pk) : found.value) : err(found.error);
    },
  });

function withoutClosing({ closing: _closing, ...item }: StoredItem): StoredItem {
  return item as StoredItem;
}

const isRecord = ({ sk }: StoredItem): boolean => /^(FAILOVERS|RECOVERIES)#/.test(sk);

/** Every region seems to have heard of the newest round, and to be up to date. */
function asIfCaughtUp(items: Items, { origin }: Deployment): Items {
  let round = 0;
  return {
    ...reading((all, pk) =>
      all.map((item) => {
        if (item.sk !== "VOTES" || pk === `REGION#${origin}`) {
          return item;
        }
        return { ...item, backlog: 0, [`h#${origin}`]: round };
      }),
    )(items),
    put(table, item, onlyIf) {
      round = item.sk === "VOTES" ? Number(item["v"]) : round;
      return items.put(table, item, onlyIf);
    },
  };
}

/** Of records, what a run writes is changed, or lost and said to be done. */
const writingRecords =
  (change: (item: StoredItem) => StoredItem | undefined) =>
  (items: Items): Items => ({
    ...items,
    async transact(writes, options) {
      const changed: TransactionWrite[] = [];
      for (const write of writes) {
        const item = write.type === "put" ? change(write.item) : undefined;
        if (write.type === "put" && item === undefined) {
          return ok({ type: "written" });
        }
        changed.push(write.type === "put" && item !== undefined ? { ...write, item } : write);
      }
      return items.transact(changed, options);
    },
  });

/** While a run is at it, votes and commands are what they were when it began. */
function seenOnce(items: Items): Items {
  const first = new Map<string, readonly StoredItem[]>();
  let isRunning = false;
  const seeing = reading((all, pk) => {
    const seen = isRunning ? first.get(pk) : undefined;
    const others = seen ?? all.filter((item) => !isRecord(item));
    first.set(pk, others);
    return [...others, ...all.filter(isRecord)];
  });
  const writing = writingRecords((item) => {
    isRunning = item["outcome"] === "running";
    return item;
  });
  return writing(seeing(items));
}

const withoutLeases = reading((all) => all.map((item) => (isRecord(item) ? { ...item, lease: 0 } : item)));

function asDone(value: unknown): unknown {
  return typeof value === "object" && value !== null && "state" in value && value.state === "failed"
    ? { ...value, state: "done" }
    : value;
}

/** Steps that failed are written down as done. */
const withoutFailures = writingRecords(
  (item) =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, asDone(value)])) as StoredItem,
);

/** By what is wrong: which fault judges name, and how it is done. */
export const wrongChanges: Readonly<Record<string, { readonly says: string; readonly wrong: WrongChange }>> =
  {
    "any answer counts as a good one": {
      says: "is not out",
      wrong: { lookAt: () => async () => ({ type: "well", latencyMs: 1 }) },
    },
    "a prober looks at its own region": {
      says: "is not out",
      wrong: {
        lookAt:
          (lookAt, { region }) =>
          () =>
            lookAt(region),
      },
    },
    "a prober makes one round a minute": {
      says: "is not out",
      wrong: { timeLeftMs: () => 9_000 },
    },
    "what was seen is not kept from one round to the next": {
      says: "is not out",
      wrong: { proberItems: losingWritesOf("OBSERVATIONS") },
    },
    "a prober reads its own region's word alone": {
      says: "an operator wants it",
      wrong: {
        proberItems: (items, { origin }) =>
          reading((all, pk) => (pk === `REGION#${origin}` ? all : []))(items),
      },
    },
    "a dispatcher never says how far it has read": {
      says: "nobody wants it",
      wrong: { dispatcherItems: losingWritesOf("SEEN") },
    },
    "drain votes are answered as they were read first": {
      says: "is not out",
      wrong: {
        apiItems(items) {
          let first: StoredItem | undefined;
          return reading((all) =>
            all.map((item) => {
              first ??= item.sk === "VOTES" ? item : undefined;
              return item.sk === "VOTES" && item.pk === first?.pk ? first : item;
            }),
          )(items);
        },
      },
    },
    "a vote ends though its region is behind": {
      says: "which has been behind",
      wrong: { proberItems: asIfCaughtUp },
    },
    "a run goes by what it saw first": {
      says: "though nothing is to be done any more",
      wrong: { runItems: seenOnce },
    },
    "the end of a run is not written down": {
      says: "is not completed",
      wrong: {
        runItems: writingRecords((item) => (item["outcome"] === "completed" ? undefined : item)),
      },
    },
    "a run minds no other one that is at it": {
      says: "two runs at once",
      wrong: { runItems: withoutLeases },
    },
    "an announcement of another region is not known": {
      says: "tells again what",
      wrong: {
        runItems: (items, origin) =>
          reading((all, pk) => (pk === `REGION#${origin}` ? all : all.filter((item) => !isRecord(item))))(
            items,
          ),
      },
    },
    "nobody is told that a drain has ended": {
      says: "recovery of",
      wrong: {
        tell: (tell) => async (kind, news) => (kind === "recovery" ? ok(undefined) : tell(kind, news)),
      },
    },
    "a step that failed counts as done": {
      says: "the failover pair is",
      wrong: { runItems: withoutFailures },
    },
    "/health does not know that an operator closed its region": {
      says: "shoppers are sent there",
      wrong: { apiItems: reading((all) => all.map(withoutClosing)) },
    },
  };
