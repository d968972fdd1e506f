import type { Items } from "../ports/items.ts";
import type { RemoteRead } from "../ports/remote-read.ts";
import { err } from "../result/result.ts";

/** The remote-read port over the fakes of other regions, for tests. */
export interface FakeRemoteRead extends RemoteRead {
  /** From here on a region cannot be reached, or can again. */
  setUnreachable(region: string, unreachable?: boolean): void;
  /** The reads so far, for example `eu-west-1 GetItem Carts`. */
  readonly reads: readonly string[];
}

/** A region that is not among these is no peer: it cannot be reached either. */
export function createFakeRemoteRead(
  itemsByRegion: Readonly<Record<string, Pick<Items, "get" | "queryPartition">>>,
): FakeRemoteRead {
  const unreachable = new Set<string>();
  const reads: string[] = [];
  const reach = (region: string, operation: string) => {
    reads.push(`${region} ${operation}`);
    return Object.hasOwn(itemsByRegion, region) && !unreachable.has(region)
      ? itemsByRegion[region]
      : undefined;
  };
  const away = (region: string, operation: string) =>
    err({ type: "unavailable" as const, operation, reason: `${region} cannot be reached` });
  return {
    reads,
    setUnreachable(region, isUnreachable = true) {
      if (isUnreachable) {
        unreachable.add(region);
      } else {
        unreachable.delete(region);
      }
    },
    async get(region, table, key) {
      const operation = `GetItem ${table}`;
      return reach(region, operation)?.get(table, key) ?? away(region, operation);
    },
    async queryPartition(region, table, pk) {
      const operation = `Query ${table}`;
      return reach(region, operation)?.queryPartition(table, pk) ?? away(region, operation);
    },
  };
}
