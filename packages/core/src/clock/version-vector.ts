import { isOrigin, type Origin } from "../ids/origin.ts";

/**
 * For each origin the counter of its item that was seen. A missing entry is 0.
 *
 * An entry is sound because an origin is the only writer of its item and an item replicates whole: who has seen
 * counter 5 has seen everything that made 1 to 4.
 */
export type VersionVector = Readonly<Record<Origin, number>>;

export type VectorOrder = "equal" | "before" | "after" | "concurrent";

export const emptyVector: VersionVector = {};

export function vectorEntry(vector: VersionVector, origin: Origin): number {
  return Object.hasOwn(vector, origin) ? (vector[origin] ?? 0) : 0;
}

/** The entries above 0, by origin in code-unit order: the same list for equal vectors. */
export function vectorEntries(vector: VersionVector): readonly (readonly [Origin, number])[] {
  const entries: [Origin, number][] = [];
  for (const origin of Object.keys(vector).sort()) {
    const counter = isOrigin(origin) ? vectorEntry(vector, origin) : 0;
    if (isOrigin(origin) && counter > 0) {
      entries.push([origin, counter]);
    }
  }
  return entries;
}

/** Whether `vector` has seen everything that `other` has. */
export function covers(vector: VersionVector, other: VersionVector): boolean {
  return vectorEntries(other).every(([origin, counter]) => vectorEntry(vector, origin) >= counter);
}

/** Exactly one of the four orders holds for two vectors. */
export function compareVectors(left: VersionVector, right: VersionVector): VectorOrder {
  const leftCovers = covers(left, right);
  const rightCovers = covers(right, left);
  if (leftCovers && rightCovers) {
    return "equal";
  }
  if (leftCovers) {
    return "after";
  }
  return rightCovers ? "before" : "concurrent";
}

/** The least vector that covers both. */
export function mergeVectors(left: VersionVector, right: VersionVector): VersionVector {
  const merged: Record<Origin, number> = {};
  for (const [origin, counter] of [...vectorEntries(left), ...vectorEntries(right)]) {
    merged[origin] = Math.max(vectorEntry(merged, origin), counter);
  }
  return merged;
}

export function incrementVector(vector: VersionVector, origin: Origin): VersionVector {
  return { ...vector, [origin]: vectorEntry(vector, origin) + 1 };
}

/** The entries of `wanted` that `vector` has not seen: what a region would have to read elsewhere. */
export function missingEntries(vector: VersionVector, wanted: VersionVector): VersionVector {
  const missing: Record<Origin, number> = {};
  for (const [origin, counter] of vectorEntries(wanted)) {
    if (vectorEntry(vector, origin) < counter) {
      missing[origin] = counter;
    }
  }
  return missing;
}
