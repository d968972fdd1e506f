import type { Origin } from "../ids/origin.ts";
import type { StorageError } from "../ports/items.ts";
import type { ItemKey } from "./item.ts";
import { parseKey } from "./keys.ts";
import { isGlobalTable, type Table } from "./tables.ts";

/**
 * One writing region per item: the check that every adapter of the items port makes before it writes. IAM can pin
 * partition keys only, so this is where the rule is enforced. A key without a known shape is nobody's.
 */
export function refuseForeign(
  operation: string,
  table: Table,
  key: ItemKey,
  origin: Origin,
): StorageError | undefined {
  if (!isGlobalTable(table)) {
    return undefined; // regional tables have one writing region by nature
  }
  const parsed = parseKey(table, key);
  return parsed.ok && parsed.value.writer === origin
    ? undefined
    : { type: "foreign-item", operation, key: { pk: key.pk, sk: key.sk } };
}
