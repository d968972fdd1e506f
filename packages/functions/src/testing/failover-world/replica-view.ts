import {
  type ControlSight,
  type FailoverSight,
  itemToVotes,
  type Origin,
  type RegionVotes,
  readControlSight,
  readFailoverSight,
  type StoredItem,
  votesKey,
} from "@antipode/core";
import type { Version } from "@antipode/core/testing";
import { understoodBy } from "./control-items.ts";

/** What judges read of a replica: often, so what was read of it is kept until it changes. */
export function createReplicaView(origin: Origin, version: () => Version) {
  const items = new Map<string, StoredItem>();
  const votesAt = votesKey(origin);
  let sight: ControlSight | undefined;
  let failoverSight: FailoverSight | undefined;
  let votes: { readonly said: RegionVotes | undefined } | undefined;
  const forget = (): void => {
    sight = undefined;
    failoverSight = undefined;
    votes = undefined;
  };
  const understood = () => [...items.values()].map((item) => understoodBy(version(), item));
  return {
    forget,
    take(item: StoredItem): void {
      items.set(`${item.pk}/${item.sk}`, item);
      forget();
    },
    sight(): ControlSight {
      sight ??= readControlSight(origin, understood());
      return sight;
    },
    /** The records of failover runs too. */
    failoverSight(): FailoverSight {
      failoverSight ??= readFailoverSight(origin, understood());
      return failoverSight;
    },
    votes(): RegionVotes | undefined {
      const item = items.get(`${votesAt.pk}/${votesAt.sk}`);
      if (votes === undefined && item !== undefined) {
        const read = itemToVotes(understoodBy(version(), item));
        votes = { said: read.ok ? read.value : undefined };
      }
      return votes?.said;
    },
  };
}
