import type { Brand } from "./brand.ts";
import { isOrigin, type Origin } from "./origin.ts";

/** One cell of a SKU's stock, `eu-west-1#1#0`: the origin that writes it and its number within the region. */
export type CellId = Brand<"CellId">;

/** Cells that one region uses for one SKU: beyond, more of them no longer make conflicts rarer. */
export const cellsMax = 8;

const numberPattern = /^(?:0|[1-9][0-9]?)$/;

/** Whether a text is a cell's id, of any origin. */
export function isCellId(text: string): text is CellId {
  const at = text.lastIndexOf("#");
  return isOrigin(text.slice(0, Math.max(0, at))) && numberPattern.test(text.slice(at + 1));
}

/** Throws on a number that no cell has. */
export function makeCellId(origin: Origin, number: number): CellId {
  const text = `${origin}#${number}`;
  if (!isCellId(text)) {
    throw new Error(`not a cell: ${text}`);
  }
  return text;
}

/** The origin that writes a cell. */
export function cellOrigin(id: CellId): Origin {
  const text = id.slice(0, id.lastIndexOf("#"));
  if (!isOrigin(text)) {
    throw new Error(`not an origin: ${text}`);
  }
  return text;
}

/** A cell's number within its region, from 0. */
export function cellNumber(id: CellId): number {
  return Number(id.slice(id.lastIndexOf("#") + 1));
}
