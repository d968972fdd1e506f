import { type Fences, fencedOrigins, fencesKey, itemToFences } from "../control/fences.ts";
import {
  type Echoes,
  echoesKey,
  type Heartbeat,
  heartbeatKey,
  itemToEchoes,
  itemToHeartbeat,
} from "../control/heartbeat-item.ts";
import {
  echoedBeat,
  isLeaseRunning,
  type LeaseView,
  leaseUntilMs,
  planBeat,
  planEcho,
} from "../control/lease.ts";
import { defaultLeaseSettings } from "../control/settings.ts";
import { type Origin, originRegion } from "../ids/origin.ts";
import { got, type Life, type Lives } from "./stock-lives.ts";

/** As shipped, but for the beats that are kept: few, so that some are missed. */
const settings = { ...defaultLeaseSettings, beatsKept: 3 };

/** The region's own fences. */
export async function fencesOf(life: Life): Promise<Fences | undefined> {
  const item = got(await life.items.get("Control", fencesKey(life.origin)));
  return item === undefined ? undefined : got(itemToFences(item));
}

/** Whom the region sees given up by anybody. */
export async function fencedBy({ lives }: Lives, life: Life): Promise<ReadonlySet<Origin>> {
  const seen: Fences[] = [];
  for (const { origin: by } of lives) {
    const item = got(await life.items.get("Control", fencesKey(by)));
    seen.push(...(item === undefined ? [] : [got(itemToFences(item))]));
  }
  return fencedOrigins(seen);
}

async function heartbeatIn(life: Life, of: Origin): Promise<Heartbeat | undefined> {
  const item = got(await life.items.get("Control", heartbeatKey(of)));
  return item === undefined ? undefined : got(itemToHeartbeat(item));
}

async function echoesIn(life: Life, of: Origin): Promise<Echoes | undefined> {
  const item = got(await life.items.get("Control", echoesKey(of)));
  return item === undefined ? undefined : got(itemToEchoes(item));
}

async function leaseViewOf(lives: Lives, life: Life): Promise<LeaseView> {
  const echoes: Echoes[] = [];
  for (const { origin: other } of lives.configured()) {
    const heard = await echoesIn(life, other);
    echoes.push(...(heard === undefined ? [] : [heard]));
  }
  // a life that was replaced knows nothing of its successor
  const configured = lives
    .configured()
    .map(({ origin: one }) => (originRegion(one) === originRegion(life.origin) ? life.origin : one));
  const own = await heartbeatIn(life, life.origin);
  return { own, echoes, configured, fenced: await fencedBy(lives, life) };
}

export async function mayRun(lives: Lives, life: Life): Promise<boolean> {
  const until = leaseUntilMs(await leaseViewOf(lives, life), settings);
  return life.state !== "dead" && isLeaseRunning(until, lives.clockMs(life));
}

/** Every running region beats, and those that hear one another say so. */
export async function pulse(lives: Lives): Promise<void> {
  const running = lives.lives.filter(({ state }) => state !== "dead");
  for (const life of running) {
    const view = await leaseViewOf(lives, life);
    const update = planBeat(view.own, { echoed: echoedBeat(view), nowMs: lives.clockMs(life), settings });
    await lives.update(life, { type: "update", table: "Control", key: heartbeatKey(life.origin), update });
  }
  lives.exchange(["Control"]);
  for (const life of running) {
    const heartbeats: Heartbeat[] = [];
    for (const { origin: other } of lives.lives) {
      const heard = await heartbeatIn(life, other);
      heartbeats.push(...(heard === undefined ? [] : [heard]));
    }
    const update = planEcho(await echoesIn(life, life.origin), {
      me: life.origin,
      heartbeats,
      fenced: await fencedBy(lives, life),
      nowMs: lives.clockMs(life),
    });
    if (update !== undefined) {
      await lives.update(life, { type: "update", table: "Control", key: echoesKey(life.origin), update });
    }
  }
  lives.exchange(["Control"]);
}
