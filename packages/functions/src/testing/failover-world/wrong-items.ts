import { err, type Items, ok, type StoredItem } from "@antipode/core";

/* Stores that say something else than they hold, as a wrong change of what reads or writes them would have it. */

/** Writes of one kind of item are lost, and said to be done. */
export const losingWritesOf =
  (kind: string) =>
  (items: Items): Items => ({
    ...items,
    put: async (table, item, onlyIf) =>
      item.sk === kind ? ok({ type: "written" }) : items.put(table, item, onlyIf),
    update: async (table, key, update) =>
      key.sk === kind ? ok({ type: "written", item: { ...key } }) : items.update(table, key, update),
  });

/** Reads of Control find something else. */
export const reading =
  (read: (all: readonly StoredItem[], pk: string) => readonly StoredItem[]) =>
  (items: Items): Items => ({
    ...items,
    async queryPartition(table, pk) {
      const found = await items.queryPartition(table, pk);
      return found.ok ? ok(table === "Control" ? read(found.value, pk) : found.value) : err(found.error);
    },
    async get(table, key) {
      const found = await items.get(table, key);
      return found.ok && found.value !== undefined && table === "Control"
        ? ok(read([found.value], key.pk)[0])
        : found;
    },
  });
