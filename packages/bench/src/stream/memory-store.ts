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
      const partition = partitionOf(table, item.pk);
      const stored = partition.get(item.sk);
      if (!onlyIf.every((condition) => holds(condition, stored))) {
        return ok({ type: "refused", ...(stored === undefined ? {} : { item: stored }) });
      }
      partition.set(item.sk, item);
      return ok({ type: "written" });
    },
  };
}
