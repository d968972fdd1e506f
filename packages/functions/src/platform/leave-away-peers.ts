import { type Clock, err, type RemoteRead, type Result, type StorageError } from "@antipode/core";
import type { PeerAway, Peers } from "../peer/peers.ts";

/** ms for which a peer that did not answer is not asked again. */
export const leaveAwayForMs = 5_000;

/**
 * ms, the least that anybody gives a peer to answer (orders/witness.ts). A question with less is one whose request has no more
 * left: that it was not answered says nothing of the peer.
 */
export const tellingWithinMs = 2_000;

/** What an answer says of a peer. */
type Sign = "here" | "away" | "nothing";

/**
 * Remembers who was away. A region that is gone swallows requests, and each shopper who was led here from it would wait out the
 * limit with every request: slow enough for this region to look unwell itself. So whoever wants something of it meanwhile is
 * told so at once. After that time one request looks whether the peer is back, and the others go by the old word until it
 * knows.
 */
function createAwayPeers(clock: Clock) {
  const untilByRegion = new Map<string, number>();

  function isLeftAlone(region: string): boolean {
    const untilMs = untilByRegion.get(region);
    const leftMs = untilMs === undefined ? 0 : untilMs - clock.nowMs();
    return leftMs > 0 && leftMs <= leaveAwayForMs;
  }

  async function asking<T>(region: string, ask: () => Promise<T>, signOf: (answer: T) => Sign): Promise<T> {
    const wasAway = untilByRegion.has(region);
    if (wasAway) {
      untilByRegion.set(region, clock.nowMs() + leaveAwayForMs);
    }
    const answer = await ask();
    const sign = signOf(answer);
    if (sign === "here") {
      untilByRegion.delete(region);
    } else if (sign === "away") {
      untilByRegion.set(region, clock.nowMs() + leaveAwayForMs);
    } else if (wasAway) {
      untilByRegion.set(region, clock.nowMs()); // the next request looks
    }
    return answer;
  }

  return { isLeftAlone, asking };
}

/** Reads peers as `remote` does, and leaves one alone that could not be read. */
export function leaveAwayPeers(remote: RemoteRead, clock: Clock): RemoteRead {
  const peers = createAwayPeers(clock);
  const signOf = (answer: Result<unknown, StorageError>): Sign =>
    !answer.ok && answer.error.type === "unavailable" ? "away" : "here";

  async function reading<T>(
    region: string,
    operation: string,
    read: () => Promise<Result<T, StorageError>>,
  ): Promise<Result<T, StorageError>> {
    return peers.isLeftAlone(region)
      ? err({ type: "unavailable", operation, reason: `${region} could not be read a moment ago` })
      : peers.asking(region, read, signOf);
  }

  return {
    get: (region, table, key) => reading(region, `GetItem ${table}`, () => remote.get(region, table, key)),
    queryPartition: (region, table, pk) =>
      reading(region, `Query ${table}`, () => remote.queryPartition(region, table, pk)),
  };
}

/** Asks as `peers` does, and leaves a region alone that gave no answer. One that was reached and failed is not away. */
export function leaveSilentPeers(peers: Peers, clock: Clock): Peers {
  const known = createAwayPeers(clock);
  return {
    async ask(region, request, timeoutMs) {
      if (known.isLeftAlone(region)) {
        return err({ type: "peer-away", region, reason: "it gave no answer a moment ago", leftAlone: true });
      }
      const signOf = (answer: Result<unknown, PeerAway>): Sign => {
        if (answer.ok || answer.error.reached === true) {
          return "here";
        }
        return timeoutMs < tellingWithinMs ? "nothing" : "away";
      };
      return known.asking(region, () => peers.ask(region, request, timeoutMs), signOf);
    },
  };
}
