import { askName, type NameQuestion } from "./ask-name.ts";
import type { NameSight, RegionLook } from "./history.ts";
import { regionOf } from "./resolver.ts";
import type { WorldTime } from "./world-time.ts";

/** Between two looks, ms of the world. Each is 16 requests: oftener would be a load of its own. */
const lookEveryMs = 3_000;
const askNameEveryMs = 1_000;
/** ms of the machine: what answers later is a region that does not. */
const answerWithinMs = 3_000;

export interface Sights {
  readonly names: readonly NameSight[];
  readonly looks: readonly RegionLook[];
}

export interface Observer extends Sights {
  stop(): Promise<void>;
}

export interface ObserverOptions {
  readonly regions: readonly string[];
  readonly api: (region: string) => string;
  readonly time: WorldTime;
  /** How a client near a region asks for the shop's name. */
  readonly question: (near: string) => NameQuestion;
  /** Told after each round of looks and of names. */
  readonly onSight: () => void;
}

/** Looks on from outside until it is stopped: at the name near each region, at `/health`, and at who votes against whom. */
export function startObserver({ regions, api, time, question, onSight }: ObserverOptions): Observer {
  const names: NameSight[] = [];
  const looks: RegionLook[] = [];
  let stopped = false;
  const repeat = async (everyMs: number, look: () => Promise<void>) => {
    while (!stopped) {
      const begunMs = time.now();
      await look();
      onSight();
      await time.sleep(everyMs - (time.now() - begunMs));
    }
  };
  const lookAt = async (region: string) => {
    const others = regions.filter((other) => other !== region);
    const [health, ...votes] = await Promise.all([
      statusOf(`${api(region)}/health`),
      ...others.map((other) => statusOf(`${api(other)}/drain-votes/${region}`)),
    ]);
    looks.push({ atMs: time.now(), region, health, against: others.filter((_, at) => votes[at] === 200) });
  };
  const askNear = async (near: string) => {
    const answer = await askName(question(near));
    names.push({ atMs: time.now(), near, to: answer && regionOf(answer) });
  };
  const watching = Promise.all([
    repeat(lookEveryMs, async () => void (await Promise.all(regions.map(lookAt)))),
    repeat(askNameEveryMs, async () => void (await Promise.all(regions.map(askNear)))),
  ]);
  return {
    names,
    looks,
    async stop() {
      stopped = true;
      await watching;
    },
  };
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined; // cut off or too late: to a checker the same
  }
}
