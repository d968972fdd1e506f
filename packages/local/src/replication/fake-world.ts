import { createFaults, type Faults } from "../faults/faults.ts";
import { createSkewedClock } from "../faults/skewed-clock.ts";
import type { Links } from "../links/links.ts";
import { createRandom } from "../links/random.ts";
import { createLinks } from "../links/world-links.ts";
import { createVirtualTime, type VirtualTime } from "../testing-time/virtual-time.ts";
import { createFakeReplicas, type FakeReplicas, fakeTable } from "./fake-replicas.ts";
import type { LanePace } from "./lane-types.ts";
import { createReplication, type Replication } from "./replication.ts";

/** Fake replicas, real links and real replication, on virtual time and one seed. */
export interface FakeWorld {
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly replicas: FakeReplicas;
  readonly replication: Replication;
  /** Messages that replication tried to send, by `from>to`. */
  readonly sent: ReadonlyMap<string, number>;
}

export const fakeRegions = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"] as const;

export function createFakeWorld(seed: number, pace: Partial<LanePace> = {}): FakeWorld {
  const time = createVirtualTime();
  const faults = createFaults({ regions: fakeRegions });
  const clock = createSkewedClock({ now: time.now, state: faults.state });
  const replicas = createFakeReplicas(fakeRegions, clock);
  const links = createLinks({ faults, random: createRandom(`links ${seed}`), scheduler: time });
  const sent = new Map<string, number>();
  const counted: Links = {
    cross(from, to, traffic) {
      sent.set(`${from}>${to}`, (sent.get(`${from}>${to}`) ?? 0) + 1);
      return links.cross(from, to, traffic);
    },
  };
  const replication = createReplication({
    tables: { [fakeTable]: fakeRegions },
    onChange: replicas.onChange,
    apply: replicas.applyReplicated,
    links: counted,
    random: createRandom(`replication ${seed}`),
    scheduler: time,
    pace,
  });
  return { time, faults, replicas, replication, sent };
}
