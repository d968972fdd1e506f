import type { JsonObject } from "../engine.ts";
import type { IndexWrites } from "./table.ts";

export type CapacityMode = "INDEXES" | "TOTAL" | "NONE" | undefined;

const readUnitBytes = 4096;
const writeUnitBytes = 1024;

/** Units for reading so many bytes; reading nothing costs the least, too. Eventually consistent reads cost half. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / readUnitBytes)) * (consistent ? 1 : 0.5);
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / writeUnitBytes));
}

/** Units used on one table and its indexes. */
export interface Usage {
  readonly table: number;
  readonly indexes: Readonly<Record<string, number>>;
}

/** `factor` is 2 within a transaction: it reads or writes every item twice. */
export function writeUsage(itemBytes: number, indexWrites: IndexWrites, factor: 1 | 2): Usage {
  const indexes = [...indexWrites].map(([name, sizes]): [string, number] => [
    name,
    factor * sizes.reduce((total, size) => total + writeUnits(size), 0),
  ]);
  return { table: factor * writeUnits(itemBytes), indexes: Object.fromEntries(indexes) };
}

export function addUsage(a: Usage, b: Usage): Usage {
  const indexes: Record<string, number> = { ...a.indexes };
  for (const [name, units] of Object.entries(b.indexes)) indexes[name] = (indexes[name] ?? 0) + units;
  return { table: a.table + b.table, indexes };
}

/** The ConsumedCapacity of one table as the client asked for it; undefined when it did not. */
export function consumedCapacity(
  mode: CapacityMode,
  tableName: string,
  usage: Usage,
  transaction?: "read" | "write",
): JsonObject | undefined {
  if (mode !== "TOTAL" && mode !== "INDEXES") return undefined;
  const units = (value: number): JsonObject => ({
    CapacityUnits: value,
    ...(transaction === "read" ? { ReadCapacityUnits: value } : {}),
    ...(transaction === "write" ? { WriteCapacityUnits: value } : {}),
  });
  const indexNames = Object.keys(usage.indexes);
  const total = Object.values(usage.indexes).reduce((sum, value) => sum + value, usage.table);
  return {
    TableName: tableName,
    ...units(total),
    ...(mode === "INDEXES" ? { Table: units(usage.table) } : {}),
    ...(mode === "INDEXES" && indexNames.length > 0
      ? {
          GlobalSecondaryIndexes: Object.fromEntries(
            Object.entries(usage.indexes).map(([name, value]) => [name, units(value)]),
          ),
        }
      : {}),
  };
}

/** Usage of several tables, in the order in which they were first used. */
export function createMeter() {
  const usageByTable = new Map<string, Usage>();
  return {
    add(tableName: string, usage: Usage): void {
      const before = usageByTable.get(tableName);
      usageByTable.set(tableName, before === undefined ? usage : addUsage(before, usage));
    },
    /** `{ ConsumedCapacity: [...] }`, or nothing when the client did not ask. */
    report(mode: CapacityMode, transaction?: "read" | "write"): JsonObject {
      if (mode !== "TOTAL" && mode !== "INDEXES") return {};
      return {
        ConsumedCapacity: [...usageByTable].map(([name, usage]) =>
          consumedCapacity(mode, name, usage, transaction),
        ),
      };
    },
  };
}
