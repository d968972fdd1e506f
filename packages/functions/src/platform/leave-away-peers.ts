import { type Clock, err, type RemoteRead, type Result, type StorageError } from "@antipode/core";

/** ms for which a peer that could not be read is not asked again. */
export const leaveAwayForMs = 5_000;

/**
 * Reads peers as `remote` does, and leaves one alone that could not be read: whoever wants something of it meanwhile is
 * told so at once. A region that is gone swallows requests, and each shopper who was led here from it would wait out the
 * limit with every request: slow enough for this region to look unwell itself. After that time one request looks whether
 * the peer is back, and the others go by the old word until it knows.
 */
export function leaveAwayPeers(remote: RemoteRead, clock: Clock): RemoteRead {
  const untilByRegion = new Map<string, number>();

  async function asking<T>(
    region: string,
    operation: string,
    read: () => Promise<Result<T, StorageError>>,
  ): Promise<Result<T, StorageError>> {
    const untilMs = untilByRegion.get(region);
    const leftMs = untilMs === undefined ? 0 : untilMs - clock.nowMs();
    if (leftMs > 0 && leftMs <= leaveAwayForMs) {
      return err({ type: "unavailable", operation, reason: `${region} could not be read a moment ago` });
    }
    if (untilMs !== undefined) {
      untilByRegion.set(region, clock.nowMs() + leaveAwayForMs);
    }
    const outcome = await read();
    if (!outcome.ok && outcome.error.type === "unavailable") {
      untilByRegion.set(region, clock.nowMs() + leaveAwayForMs);
    } else {
      untilByRegion.delete(region);
    }
    return outcome;
  }

  return {
    get: (region, table, key) => asking(region, `GetItem ${table}`, () => remote.get(region, table, key)),
    queryPartition: (region, table, pk) =>
      asking(region, `Query ${table}`, () => remote.queryPartition(region, table, pk)),
  };
}
