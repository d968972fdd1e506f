import { type Items, ok, type StoredItem, type TransactionWrite } from "@antipode/core";
import type { WrongChanges } from "./wrong-change.ts";
import { reading } from "./wrong-items.ts";

const isRecord = ({ sk }: StoredItem): boolean => /^(FAILOVERS|RECOVERIES)#/.test(sk);

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

/** Of Failover and Recovery. */
export const wrongRuns: WrongChanges = {
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
    steps: [
      { type: "wait", seconds: 90 },
      { type: "refuse", plane: "names" },
      { type: "command", at: 0, target: 1, action: "drain" },
      { type: "wait", seconds: 300 },
    ],
  },
};
