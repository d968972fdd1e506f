import { type Items, ok, type StoredItem } from "@antipode/core";
import type { FakeItems, Version } from "@antipode/core/testing";

/** A later version of the code reads both kinds of items, and writes its own. */
const laterRules = 2;

/** Kinds whose rules a version of the code may change. Commands are written so that every version reads them; records of runs stay here. */
const kindsWithRules = ["VOTES", "OBSERVATIONS", "ALARMS"];

function asVersion(item: StoredItem, version: Version): StoredItem {
  if (version === "same" || !kindsWithRules.includes(item.sk)) {
    return item;
  }
  return version === "remarks" ? { ...item, "x-later": "of no matter here" } : { ...item, rules: laterRules };
}

export function understoodBy(version: Version, item: StoredItem): StoredItem {
  return version === "later-rules" && item["rules"] === laterRules ? { ...item, rules: 1 } : item;
}

export interface ControlItemsOptions {
  readonly version: () => Version;
  /** Told of each item that was written. */
  readonly onWrite: (item: StoredItem) => void;
}

/** A region's store as its code of some version sees it: what it writes is that version's, and what it reads it understands. */
export function createControlItems(fake: FakeItems, { version, onWrite }: ControlItemsOptions): Items {
  const understood = (item: StoredItem) => understoodBy(version(), item);
  return {
    ...fake,
    async queryPartition(table, pk) {
      const read = await fake.queryPartition(table, pk);
      return read.ok ? ok(read.value.map(understood)) : read;
    },
    async get(table, key) {
      const read = await fake.get(table, key);
      return read.ok && read.value !== undefined ? ok(understood(read.value)) : read;
    },
    async put(table, item, onlyIf) {
      const written = asVersion(item, version());
      const outcome = await fake.put(table, written, onlyIf);
      if (table === "Control" && outcome.ok && outcome.value.type === "written") {
        onWrite(written);
      }
      return outcome;
    },
    async transact(writes, options) {
      const outcome = await fake.transact(writes, options);
      for (const write of outcome.ok && outcome.value.type === "written" ? writes : []) {
        if (write.table === "Control" && write.type === "put") {
          onWrite(write.item); // a record of runs, which every version writes alike
        }
      }
      return outcome;
    },
    async update(table, key, update) {
      const outcome = await fake.update(table, key, update);
      if (table === "Control" && outcome.ok && outcome.value.type === "written") {
        onWrite(outcome.value.item);
      }
      return outcome;
    },
  };
}
