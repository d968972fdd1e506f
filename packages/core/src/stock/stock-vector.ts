import { type MalformedText, malformed } from "../ids/brand.ts";
import { type CellId, isCellId } from "../ids/cell-id.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { Cells } from "./cell-item.ts";

/**
 * For each cell the counter that was seen; a missing one is 0. By cell and not by origin: a region's cells replicate
 * each by itself, so no sum of their counters says what was seen.
 */
export type StockVector = ReadonlyMap<CellId, number>;

const nothingSeen = "0";
const counterPattern = /^[1-9][0-9]{0,15}$/;

export function stockVectorOf(cells: Cells): StockVector {
  return new Map([...cells].map(([id, { counter }]) => [id, counter]));
}

/** Whether `vector` has seen everything that `other` has. */
export function stockCovers(vector: StockVector, other: StockVector): boolean {
  return [...other].every(([cell, counter]) => (vector.get(cell) ?? 0) >= counter);
}

/** One text for equal vectors, `eu-west-1#1#0:3;us-east-1#1#0:12`, and `0` for the empty one. */
export function stockVectorToText(vector: StockVector): string {
  const entries = [...vector].filter(([, counter]) => counter > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0
    ? nothingSeen
    : entries.map(([cell, counter]) => `${cell}:${counter}`).join(";");
}

/** Reads `stockVectorToText` back; refuses unknown forms and repeated cells. */
export function textToStockVector(text: string): Result<StockVector, MalformedText> {
  const refuse = () => err(malformed("a stock vector such as us-east-1#1#0:12", text));
  if (text === nothingSeen) {
    return ok(new Map());
  }
  const vector = new Map<CellId, number>();
  for (const part of text.split(";")) {
    const [cell = "", counter = "", ...rest] = part.split(":");
    const seen = Number(counter);
    const readable = isCellId(cell) && counterPattern.test(counter) && Number.isSafeInteger(seen);
    if (!readable || rest.length > 0 || vector.has(cell)) {
      return refuse();
    }
    vector.set(cell, seen);
  }
  return ok(vector);
}
