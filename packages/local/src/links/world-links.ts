import { type FaultState, linkFault } from "../faults/fault-state.ts";
import type { Faults } from "../faults/faults.ts";
import { LinkError, type Links, type Place, type Traffic } from "./links.ts";
import { exponential, type Random } from "./random.ts";
import { defaultLagMs } from "./region-lag.ts";
import type { Scheduler } from "./scheduler.ts";

/** Queues on the way add this share of a link's delay on average: most messages little, a few a lot. */
const jitterShare = 0.1;

/** The tail of the jitter ends here, as a multiple of the link's delay: beyond it real networks send again. */
const jitterMaxShare = 2;

export interface LinksOptions {
  readonly faults: Pick<Faults, "state" | "watch">;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

export interface WorldLinks extends Links {
  /** Messages under way at this moment. */
  underWay(): number;
}

interface Flight {
  readonly from: Place;
  readonly to: Place;
  readonly traffic: Traffic;
  readonly fail: (reason: LinkError["reason"]) => void;
}

/** Links whose delay, loss and cuts follow the world's faults. */
export function createLinks({ faults, random, scheduler }: LinksOptions): WorldLinks {
  const flights = new Set<Flight>();

  // What is under way when its link breaks is lost, even if the link is whole again before it would have arrived.
  faults.watch((state) => {
    for (const flight of [...flights]) {
      const reason = blockage(state, flight.from, flight.to, flight.traffic);
      if (reason !== undefined) flight.fail(reason);
    }
  });

  return {
    underWay: () => flights.size,
    async cross(from, to, traffic) {
      const state = faults.state();
      const blocked = blockage(state, from, to, traffic);
      if (blocked !== undefined) throw new LinkError(from, to, blocked);
      if (from === to) return;
      const link = linkFault(state, from, to);
      const lost = link.loss !== undefined && random() < link.loss;
      const lagMs = withJitter(link.lagMs ?? defaultLagMs(from, to), random);
      if (lagMs === 0 && !lost) return;
      await new Promise<void>((resolve, reject) => {
        const arrive = scheduler.after(lagMs, () => (lost ? flight.fail("lost") : land()));
        const flight: Flight = {
          from,
          to,
          traffic,
          fail(reason) {
            arrive();
            flights.delete(flight);
            reject(new LinkError(from, to, reason));
          },
        };
        function land(): void {
          flights.delete(flight);
          resolve();
        }
        flights.add(flight);
      });
    },
  };
}

function withJitter(lagMs: number, random: Random): number {
  if (lagMs === 0) return 0;
  return lagMs * (1 + Math.min(jitterMaxShare, exponential(random, jitterShare)));
}

/** Why nothing of this kind crosses now, if so. A region that is down does not even talk to itself. */
function blockage(
  state: FaultState,
  from: Place,
  to: Place,
  traffic: Traffic,
): "down" | "cut" | "paused" | undefined {
  if (state.down.includes(from) || state.down.includes(to)) return "down";
  const link = linkFault(state, from, to);
  if (link.cut) return "cut";
  return link.paused && traffic === "replication" ? "paused" : undefined;
}
