import type { VoteSettings } from "@antipode/core";
import type { JudgedWorld } from "@antipode/core/testing";

/** ms after which whoever votes knows how far a region is behind: a round there, replication, a round here, and an old echo. */
const knownWithinMs = 120_000;

/**
 * Judges that nobody ends its vote against a region because it is well, while that region's dispatchers are far behind or
 * nothing has been replicated to or from it, and has been so for long enough to be known.
 */
export function createGatesJudge(world: JudgedWorld, settings: VoteSettings) {
  const voting = new Set<string>();
  const behindSinceMs = new Map<number, number>();

  function isBehind(at: number): boolean {
    const { backlogMs, delayMs } = world.faults;
    return (
      (backlogMs.get(at) ?? 0) > 2 * settings.backlogMaxMs + settings.probeEveryMs ||
      (delayMs.get(at) ?? 0) > settings.echoMaxMs
    );
  }

  return {
    glance(): void {
      for (const at of world.places) {
        if (!isBehind(at) || world.faults.version.size > 0) {
          behindSinceMs.delete(at);
        } else if (!behindSinceMs.has(at)) {
          behindSinceMs.set(at, world.nowMs());
        }
      }
    },

    /** After a region's round. */
    round(voter: number): readonly string[] {
      const faults: string[] = [];
      for (const at of world.places) {
        const target = world.origins[at];
        const standing =
          target === undefined ? undefined : world.region(voter).votes()?.standings.get(target);
        const key = `${voter}>${at}`;
        const behindMs = world.nowMs() - (behindSinceMs.get(at) ?? world.nowMs());
        if (voting.has(key) && standing?.why === "well" && behindMs > knownWithinMs) {
          faults.push(`${voter} ends its vote against ${at}, which has been behind for ${behindMs} ms`);
        }
        voting[standing?.voting === true ? "add" : "delete"](key);
      }
      return faults;
    },
  };
}
