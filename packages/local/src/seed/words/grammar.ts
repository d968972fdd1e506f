import type { Category } from "@antipode/core";

/** One way in which a product's variants differ. */
export interface Axis {
  readonly values: readonly string[];
  /** How much dearer each value is than the one before it, as a share; values with a step are ordered. */
  readonly step?: number;
}

/**
 * One kind of product within a category. Patterns name words in braces: `{brand}` from the category, the others
 * from `words`. A title's words are all combined with each other, so every combination must make sense.
 */
export interface Kind {
  /** Words are capitalised here and left as they are in sentences. */
  readonly title: string;
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** A description is one opener, one detail and often one of the category's closers. */
  readonly openers: readonly string[];
  readonly details: readonly string[];
  /** The cheapest and the dearest first variant, in US dollars. */
  readonly usd: readonly [number, number];
  readonly axes: readonly Axis[];
}

export interface CategoryWords {
  readonly category: Category;
  /** Made up for the catalog; not checked against registers of companies. */
  readonly brands: readonly string[];
  readonly closers: readonly string[];
  readonly kinds: readonly Kind[];
}

export const techColours: Axis = { values: ["Black", "Silver", "Midnight Blue", "Sand"] };
export const calmColours: Axis = { values: ["Oatmeal", "Slate", "Sage", "Clay", "Ink"] };
export const brightColours: Axis = { values: ["Red", "Yellow", "Blue", "Green", "Orange"] };
export const clothingSizes: Axis = { values: ["XS", "S", "M", "L", "XL", "XXL"], step: 0 };
