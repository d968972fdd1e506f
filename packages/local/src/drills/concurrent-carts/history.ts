import type { VersionVector } from "@antipode/core";
import type { Attempt } from "../attempt.ts";

/** What the shoppers did and saw: all that the judge may know. */
export interface CartHistory {
  readonly changes: readonly CartChange[];
  readonly sights: readonly CartSight[];
  /** What each region says when everything is mended and has converged. */
  readonly ends: readonly CartEnd[];
}

interface AnyChange {
  /** For people: `cart 3, device 2, step 7`. */
  readonly name: string;
  readonly cart: string;
  /** In the order they were sent; those after a `done` are repeats, as by a client that lost the answer. */
  readonly attempts: readonly Attempt[];
}

export interface AddChange extends AnyChange {
  readonly kind: "add";
  readonly sku: string;
  readonly quantity: number;
}

export interface ReplaceChange extends AnyChange {
  /** Both take away what they have seen of the SKU; a set then puts its own quantity there. */
  readonly kind: "set" | "remove";
  readonly sku: string;
  readonly quantity: number;
  /** What the device had seen of this cart when it sent it. */
  readonly token: VersionVector;
  /** Whether a region that had not seen all of that was told to refuse. */
  readonly strict: boolean;
}

export interface MergeChange extends AnyChange {
  readonly kind: "merge";
  readonly guest: string;
}

export type CartChange = AddChange | ReplaceChange | MergeChange;

export type Lines = Readonly<Record<string, number>>;

/** One answered cart: to a read, or to a change. */
export interface CartSight {
  readonly cart: string;
  readonly region: string;
  readonly at: number;
  readonly vector: VersionVector;
  readonly lines: Lines;
  /** What was asked for and what the answer says of it; absent where no token was sent. */
  readonly wish?: {
    readonly token: VersionVector;
    /** The `Consistency` header. */
    readonly said: string | undefined;
  };
}

export interface CartEnd {
  readonly cart: string;
  readonly region: string;
  readonly vector: VersionVector;
  readonly lines: Lines;
}
