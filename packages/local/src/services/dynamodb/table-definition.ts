import type { TableSchema } from "../../engine/engine.ts";

export type StreamViewType = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

/** One region's copy of a table as the infrastructure describes it. ARNs are given, never made up here. */
export interface TableDefinition extends TableSchema {
  readonly arn: string;
  readonly stream?: { readonly arn: string; readonly viewType: StreamViewType };
  /** The attribute with the epoch second at which an item expires. */
  readonly ttlAttribute?: string;
  /** The other regions that hold a replica; empty for a regional table. */
  readonly replicas: readonly string[];
  readonly kmsKeyArn?: string;
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
