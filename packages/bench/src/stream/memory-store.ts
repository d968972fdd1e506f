import {
  type Condition,
  type ItemKey,
  type Items,
  type Origin,
  ok,
  type StoredItem,
  type Table,
} from "@antipode/core";
import { createFakeItems } from "../../../core/src/testing/fake-items.ts";

type Partition = Map<string, StoredItem>;

function holds(condition: Condition, item: StoredItem | undefined): boolean {
  const value = item?.[condition.attribute];
  switch (condition.type) {
    case "absent":
      return value === undefined;
    case "equals":
      return value === condition.value;
    default:
      throw new Error(`the dispatcher is not known to use the condition ${condition.type}`);
  }
}

/** What a catalog dispatcher asks of a store, as maps: so cheap that the dispatcher's own work is what is measured. */
export function createMemoryStore(
  origin: Origin,
  content: Readonly<Partial<Record<Table, readonly StoredItem[]>>>,
): Items {
  const partitions = new Map<string, Partition>();
  const partitionOf = (table: string, pk: string): Partition => {
    const name = `${table} ${pk}`;
    const partition = partitions.get(name) ?? new Map<string, StoredItem>();
    partitions.set(name, partition);
    return partition;
  };
  const mayPut = (table: Table, item: StoredItem, onlyIf: readonly Condition[]): boolean => {
    const stored = partitionOf(table, item.pk).get(item.sk);
    return onlyIf.every((condition) => holds(condition, stored));
  };
  for (const [table, items] of Object.entries(content)) {
    for (const item of items) {
      partitionOf(table, item.pk).set(item.sk, item);
    }
  }
  return {
    ...createFakeItems(origin),
    get: async (table: Table, { pk, sk }: ItemKey) => ok(partitionOf(table, pk).get(sk)),
    queryPartition: async (table: Table, pk: string) => ok([...partitionOf(table, pk).values()]),
    async put(table, item, onlyIf) {
      if (!mayPut(table, item, onlyIf)) {
        return ok({ type: "refused" });
      }
      partitionOf(table, item.pk).set(item.sk, item);
      return ok({ type: "written" });
    },
    async transact(writes) {
      const puts = writes.map((write) => {
        if (write.type !== "put") {
          throw new Error(`the dispatcher is not known to use ${write.type} for a few offers`);
        }
        return write;
      });
      if (!puts.every(({ table, item, onlyIf }) => mayPut(table, item, onlyIf))) {
        return ok({ type: "refused", refusals: [] });
      }
      for (const { table, item } of puts) {
        partitionOf(table, item.pk).set(item.sk, item);
      }
      return ok({ type: "written" });
    },
  };
}
