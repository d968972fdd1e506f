import type { Origin } from "../ids/origin.ts";
import type { ItemKey, ItemValue, StoredItem } from "../items/item.ts";
import { isStringSet } from "../items/item.ts";
import { refuseForeign } from "../items/ownership.ts";
import type { Table } from "../items/tables.ts";
import type { Condition, Items, StorageError, Update, UpdateOutcome, WriteOutcome } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";

/** An in-memory fake of the items port, for tests: one region's tables, and failures on demand. */
export interface FakeItems extends Items {
  readonly origin: Origin;
  /** Puts items as replication or an import would: no condition, any origin. */
  load(table: Table, items: readonly StoredItem[]): void;
  /** Every item of a table, by key. */
  dump(table: Table): readonly StoredItem[];
  /** The next calls whose operation begins so fail; the write takes effect first when `after` says so. */
  failNext(operation: string, error: StorageError, options?: { times?: number; after?: boolean }): void;
  /** The operations so far, for example `UpdateItem Carts`. */
  readonly operations: readonly string[];
}

interface Fault {
  readonly operation: string;
  readonly error: StorageError;
  readonly after: boolean;
  left: number;
}

const keyText = ({ pk, sk }: ItemKey) => `${pk}\u0000${sk}`;

function holds(condition: Condition, item: StoredItem | undefined): boolean {
  const value: ItemValue | undefined = item?.[condition.attribute];
  switch (condition.type) {
    case "absent":
      return value === undefined;
    case "equals":
      return value === condition.value;
    case "lacks":
      return !(isStringSet(value) && value.has(condition.member));
    case "below":
      return value === undefined || (typeof value === "number" && value < condition.limit);
  }
}

function grown(value: ItemValue | undefined, by: number | ReadonlySet<string>): ItemValue {
  if (typeof by === "number") {
    return (typeof value === "number" ? value : 0) + by;
  }
  return new Set([...(isStringSet(value) ? value : []), ...by]);
}

function applied(key: ItemKey, item: StoredItem | undefined, update: Update): StoredItem {
  const added = Object.entries(update.add ?? {}).map(
    ([name, by]) => [name, grown(item?.[name], by)] as const,
  );
  return { ...item, ...update.set, ...Object.fromEntries(added), pk: key.pk, sk: key.sk };
}

function refused(item: StoredItem | undefined) {
  return ok({ type: "refused" as const, ...(item === undefined ? {} : { item }) });
}

export function createFakeItems(origin: Origin): FakeItems {
  const tables = new Map<Table, Map<string, StoredItem>>();
  const faults: Fault[] = [];
  const operations: string[] = [];

  const tableOf = (table: Table) => {
    const found = tables.get(table) ?? new Map<string, StoredItem>();
    tables.set(table, found);
    return found;
  };
  const dump = (table: Table) =>
    [...tableOf(table).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);

  async function run<T>(
    operation: string,
    call: () => Result<T, StorageError>,
  ): Promise<Result<T, StorageError>> {
    operations.push(operation);
    const fault = faults.find((candidate) => operation.startsWith(candidate.operation) && candidate.left > 0);
    if (fault === undefined) {
      return call();
    }
    fault.left -= 1;
    if (fault.after) {
      call();
    }
    return err(fault.error);
  }

  function guarded<T>(
    operation: string,
    table: Table,
    key: ItemKey,
    call: () => Result<T, StorageError>,
  ): Promise<Result<T, StorageError>> {
    const foreign = refuseForeign(operation, table, key, origin);
    return run(operation, () => (foreign === undefined ? call() : err(foreign)));
  }

  return {
    origin,
    operations,
    dump,
    load(table, items) {
      for (const item of items) {
        tableOf(table).set(keyText(item), item);
      }
    },
    failNext(operation, error, { times = 1, after = false } = {}) {
      faults.push({ operation, error, after, left: times });
    },
    get: (table, key) => run(`GetItem ${table}`, () => ok(tableOf(table).get(keyText(key)))),
    queryPartition: (table, pk) =>
      run(`Query ${table}`, () => ok(dump(table).filter((item) => item.pk === pk))),
    put: (table, item, onlyIf) =>
      guarded(`PutItem ${table}`, table, item, (): Result<WriteOutcome, StorageError> => {
        const stored = tableOf(table).get(keyText(item));
        if (!onlyIf.every((condition) => holds(condition, stored))) {
          return refused(stored);
        }
        tableOf(table).set(keyText(item), item);
        return ok({ type: "written" as const });
      }),
    update: (table, key, update) =>
      guarded(`UpdateItem ${table}`, table, key, (): Result<UpdateOutcome, StorageError> => {
        const stored = tableOf(table).get(keyText(key));
        if (!update.onlyIf.every((condition) => holds(condition, stored))) {
          return refused(stored);
        }
        const item = applied(key, stored, update);
        tableOf(table).set(keyText(key), item);
        return ok({ type: "written" as const, item });
      }),
    listViews: ({ category, after, limit }) =>
      run("Query Views", () =>
        ok(
          dump("Views")
            .filter((item) => item["category"] === category)
            .sort((a, b) => (String(a["listKey"]) < String(b["listKey"]) ? -1 : 1))
            .filter((item) => after === undefined || String(item["listKey"]) > after.listKey)
            .slice(0, limit),
        ),
      ),
  };
}

/** Copies what each fake holds of its own origin to the others, as an idle global table would. */
export function replicateAll(regions: readonly FakeItems[], table: Table): void {
  for (const from of regions) {
    const own = from.dump(table).filter((item) => item.sk.includes(`#${from.origin}`));
    for (const to of regions) {
      if (to !== from) {
        to.load(table, own);
      }
    }
  }
}
