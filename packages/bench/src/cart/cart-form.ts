import type { CartHistory, Lines } from "./history.ts";

/** What the four regions store of one cart, and what a reader does with it. */
export interface StoredCart {
  /** Decodes what the four regions hold, merges it and says the lines: what is timed. */
  readonly merge: () => Lines;
  /** Of the whole cart, as it is stored. */
  readonly bytes: number;
}

/** One way to keep a cart in several regions. */
export interface CartForm {
  readonly name: string;
  readonly play: (history: CartHistory) => StoredCart | Promise<StoredCart>;
}
