import type { VersionVector } from "@antipode/core";
import type { Attempt } from "../attempt.ts";

export type EditValue = string | number;

/** One edit of one field by an operator. */
export interface Edit {
  /** For people: `round 2, us-east-1`. */
  readonly name: string;
  readonly product: string;
  /** `title`, or `price#<sku>#<currency>`. */
  readonly field: string;
  readonly value: EditValue;
  readonly operationId: string;
  /** In the order they were sent; those after a `done` are repeats, as by an operator who lost the answer. */
  readonly attempts: readonly Attempt[];
}

/** A version of a product that somebody was shown. */
export interface ProductSight {
  readonly product: string;
  readonly at: number;
  readonly vector: VersionVector;
  /** With everything mended and delivered: whatever was cut off before it is over, and in it if it was done. */
  readonly barrier: boolean;
}

export interface EditHistory {
  readonly edits: readonly Edit[];
  readonly sights: readonly ProductSight[];
}

/** One of the values of a conflict, as the API shows it. */
export interface ShownValue {
  readonly value: unknown;
  readonly stamp: string;
  readonly operationId: string;
  readonly served: boolean;
}

export interface ShownConflict {
  readonly id: string;
  readonly field: string;
  readonly values: readonly ShownValue[];
}

/** What one region says of one field when everything is mended: its product, and its feed. */
export interface FieldView {
  readonly region: string;
  readonly vector: VersionVector;
  /** What readers get. */
  readonly value: unknown;
  readonly conflict: ShownConflict | undefined;
  /** Every conflict of this field that the region's feed holds. */
  readonly fed: readonly ShownConflict[];
}
