import { AwsError } from "../service.ts";
import { createTransactionTokens, type TransactionTokens } from "./idempotency.ts";
import { createMutex, type Mutex } from "./mutex.ts";
import { createReplica, type Replica } from "./replica.ts";
import type { TableDefinition } from "./table-definition.ts";

/** What the service keeps of one region. */
export interface RegionState {
  readonly replicas: Map<string, Replica>;
  readonly tokens: TransactionTokens;
  /** Writes of a region are made one at a time: images, stream order and commit order then agree. */
  readonly lock: Mutex;
}

export interface Regions {
  of(region: string): RegionState;
  names(): readonly string[];
  /** Throws ResourceNotFoundException. */
  replica(region: string, table: string): Replica;
  add(region: string, definition: TableDefinition, createdAtMs: number): void;
}

export function createRegions(): Regions {
  const stateByRegion = new Map<string, RegionState>();

  function of(region: string): RegionState {
    const present = stateByRegion.get(region);
    if (present !== undefined) return present;
    const created: RegionState = {
      replicas: new Map(),
      tokens: createTransactionTokens(),
      lock: createMutex(),
    };
    stateByRegion.set(region, created);
    return created;
  }

  return {
    of,
    names: () => [...stateByRegion.keys()],
    replica(region, table) {
      const replica = stateByRegion.get(region)?.replicas.get(table);
      if (replica === undefined) {
        throw new AwsError(
          "ResourceNotFoundException",
          `Requested resource not found: Table: ${table} not found`,
        );
      }
      return replica;
    },
    add(region, definition, createdAtMs) {
      of(region).replicas.set(definition.name, createReplica(region, definition, createdAtMs));
    },
  };
}
