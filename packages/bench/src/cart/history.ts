import type { Sku } from "@antipode/core";
import { skuAt } from "../store/sample-shop.ts";

/** What a shopper did to a cart, in one region. `id` names the edit in the whole history. */
export type CartEdit =
  | {
      readonly type: "add" | "set";
      readonly id: number;
      readonly region: number;
      readonly sku: Sku;
      readonly quantity: number;
    }
  | { readonly type: "remove"; readonly id: number; readonly region: number; readonly sku: Sku };

/** First edits that every region has seen, then edits of which each region has seen its own only. */
export interface CartHistory {
  readonly shared: readonly CartEdit[];
  readonly concurrent: readonly CartEdit[];
}

export type Lines = ReadonlyMap<Sku, number>;

export const regionCount = 4;

/** Of the lines, how many are edited while the regions are cut off from each other. */
const concurrentShare = 0.3;

/** A generator of numbers from 0 to below 1 that a seed repeats: mulberry32. */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pairs = [
  ["add", "add"],
  ["add", "remove"],
  ["add", "set"],
  ["set", "set"],
  ["remove", "remove"],
  ["add", "add"],
] as const;

/** A cart of so many lines, of which some are edited in two regions at once. */
export function anyHistory(lines: number, seed: number): CartHistory {
  const chance = createChance(seed);
  const upTo = (limit: number) => Math.floor(chance() * limit);
  const shared: CartEdit[] = [];
  const concurrent: CartEdit[] = [];
  const edit = (type: CartEdit["type"], region: number, sku: Sku): CartEdit => {
    const base = { id: shared.length + concurrent.length, region: region % regionCount, sku };
    return type === "remove" ? { ...base, type } : { ...base, type, quantity: 1 + upTo(9) };
  };
  for (let line = 0; line < lines; line += 1) {
    shared.push(edit("add", line, skuAt(line)));
  }
  for (let line = 0; line < lines; line += 1) {
    if (chance() < concurrentShare) {
      const [left, right] = pairs[upTo(pairs.length)] ?? pairs[0];
      const region = upTo(regionCount);
      concurrent.push(edit(left, region, skuAt(line)));
      concurrent.push(edit(right, region + 1 + upTo(regionCount - 1), skuAt(line)));
    }
  }
  return { shared, concurrent };
}

/** What an edit has seen: everything shared before it, and of the concurrent edits its own region's earlier ones. */
function hasSeen(history: CartHistory, later: CartEdit, earlier: CartEdit): boolean {
  return earlier.id < later.id && (history.shared.includes(earlier) || earlier.region === later.region);
}

/**
 * The declared result, from the history alone: a set or a removal ends the edits of its line that it has seen; of
 * what stands, a line has the greatest set quantity plus the sum of what was added.
 */
export function expectedLines(history: CartHistory): Lines {
  const bySku = new Map<Sku, CartEdit[]>();
  for (const edit of [...history.shared, ...history.concurrent]) {
    bySku.set(edit.sku, [...(bySku.get(edit.sku) ?? []), edit]);
  }
  const lines = new Map<Sku, number>();
  for (const [sku, edits] of bySku) {
    const standing = edits.filter(
      (edit) => !edits.some((later) => later.type !== "add" && hasSeen(history, later, edit)),
    );
    const set = standing.map((edit) => (edit.type === "set" ? edit.quantity : 0));
    const added = standing.map((edit) => (edit.type === "add" ? edit.quantity : 0));
    const quantity = Math.max(0, ...set) + added.reduce((sum, units) => sum + units, 0);
    if (quantity > 0) {
      lines.set(sku, quantity);
    }
  }
  return lines;
}

export function sameLines(left: Lines, right: Lines): boolean {
  return left.size === right.size && [...left].every(([sku, quantity]) => right.get(sku) === quantity);
}
