import { AwsError } from "../../services/service.ts";
import type { JsonObject, ReadOperation, TableEngine, WriteOperation, Written } from "../engine.ts";
import { checkImported } from "./check.ts";
import { query, scan } from "./list.ts";
import { batchGet, getItem } from "./read.ts";
import { createTable, keyOf, type Table } from "./table.ts";
import { transactGet, transactWrite } from "./transact.ts";
import { itemTooLarge, type TableLookup, writeBatch, writeOne } from "./write.ts";

const reads: Readonly<Record<ReadOperation, (lookup: TableLookup, request: JsonObject) => JsonObject>> = {
  GetItem: getItem,
  BatchGetItem: batchGet,
  Query: query,
  Scan: scan,
  TransactGetItems: transactGet,
};

const writes: Readonly<Record<WriteOperation, (lookup: TableLookup, request: JsonObject) => Written>> = {
  PutItem: (lookup, request) => writeOne("PutItem", lookup, request),
  UpdateItem: (lookup, request) => writeOne("UpdateItem", lookup, request),
  DeleteItem: (lookup, request) => writeOne("DeleteItem", lookup, request),
  BatchWriteItem: writeBatch,
  TransactWriteItems: transactWrite,
};

/**
 * The engine that needs nothing but Node: items in memory, requests checked and expressions parsed by dynalite,
 * evaluated here. Every operation is synchronous inside, so each is atomic by itself.
 */
export function createEmbeddedEngine(): TableEngine {
  const tablesByRegion = new Map<string, Map<string, Table>>();

  function lookupIn(region: string): TableLookup {
    return (name) => {
      const table = tablesByRegion.get(region)?.get(name);
      if (table === undefined)
        throw new AwsError("ResourceNotFoundException", "Requested resource not found");
      return table;
    };
  }

  return {
    name: "embedded",
    async createTable(region, schema) {
      const tables = tablesByRegion.get(region) ?? new Map<string, Table>();
      tables.set(schema.name, createTable(schema));
      tablesByRegion.set(region, tables);
    },
    async read(region, operation, request) {
      return reads[operation](lookupIn(region), request);
    },
    async write(region, operation, request) {
      return writes[operation](lookupIn(region), request);
    },
    async replace(region, name, key, item) {
      const table = lookupIn(region)(name);
      const before = table.get(key);
      table.replace(key, item);
      return before;
    },
    async load(region, name, items) {
      const table = lookupIn(region)(name);
      for (const item of items) {
        checkImported(table, item, itemTooLarge);
        table.replace(keyOf(table.schema, item), item);
      }
    },
    async close() {
      tablesByRegion.clear();
    },
  };
}
