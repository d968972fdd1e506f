import {
  type Fences,
  fencedOrigins,
  fencesKey,
  itemToFences,
  planFence,
  reclaimableAtMs,
} from "../control/fences.ts";
import {
  type Echoes,
  echoesKey,
  type Heartbeat,
  heartbeatKey,
  itemToEchoes,
  itemToHeartbeat,
} from "../control/heartbeat-item.ts";
import { echoedBeat, isLeaseRunning, leaseUntilMs, planBeat, planEcho } from "../control/lease.ts";
import { defaultLeaseSettings } from "../control/settings.ts";
import type { Origin } from "../ids/origin.ts";
import type { ItemKey, StoredItem } from "../items/item.ts";
import type { Update } from "../ports/items.ts";
import { origin } from "./arbitraries.ts";
import { createFakeItems, type FakeItems } from "./fake-items.ts";
import type { LeaseRun, LeaseStep } from "./stock-lease-steps.ts";
import { beginMs, got } from "./stock-lives.ts";

interface Region {
  readonly origin: Origin;
  readonly items: FakeItems;
  offsetMs: number;
}

const names = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "ap-east-1#1", "us-west-2#1"];
const settings = { ...defaultLeaseSettings, beatsKept: 2 };

/**
 * The first region is the one that is given up, for the last one. Steady clocks are off by up to half of `driftMs`,
 * so two by all of it; clocks that are set meanwhile by a quarter, since a jump counts with its whole length.
 */
export function createLeaseWorld(run: LeaseRun) {
  const unitMs = settings.driftMs / (run.steady ? 2 : 4) / 1_000;
  const regions = names.slice(0, run.regions).map((name, index): Region => {
    const offsetMs = Math.round((run.offsets[index] ?? 0) * unitMs);
    return { origin: origin(name), items: createFakeItems(origin(name)), offsetMs };
  });
  const states = new Map<string, StoredItem[]>();
  const configured = regions.map((region) => region.origin);
  let nowMs = beginMs;

  const at = (index: number): Region => {
    const region = regions[index % regions.length];
    if (region === undefined) {
      throw new Error(`no region ${index}`);
    }
    return region;
  };
  const lost = at(0);
  const reclaimer = at(run.regions - 1);
  const clockMs = (region: Region) => nowMs + region.offsetMs;

  async function read(region: Region, key: ItemKey): Promise<StoredItem | undefined> {
    return got(await region.items.get("Control", key));
  }

  async function write(region: Region, key: ItemKey, update: Update): Promise<void> {
    const outcome = got(await region.items.update("Control", key, update));
    if (outcome.type === "written") {
      states.set(JSON.stringify(key), [...(states.get(JSON.stringify(key)) ?? []), outcome.item]);
    }
  }

  /** The newest of what arrived stays, as a replica keeps it. */
  async function deliver(from: Region, to: Region, kind: string, back: number): Promise<void> {
    const all = states.get(JSON.stringify({ pk: heartbeatKey(from.origin).pk, sk: kind })) ?? [];
    const item = all[Math.max(0, all.length - 1 - back)];
    const held = item === undefined ? undefined : await read(to, item);
    if (item !== undefined && to !== from && Number(held?.["v"] ?? 0) < Number(item["v"])) {
      to.items.load("Control", [item]);
    }
  }

  async function fencesOf(region: Region, of: Region): Promise<Fences | undefined> {
    const item = await read(region, fencesKey(of.origin));
    return item === undefined ? undefined : got(itemToFences(item));
  }

  async function fencedBy(region: Region): Promise<ReadonlySet<Origin>> {
    const seen = await Promise.all(regions.map((of) => fencesOf(region, of)));
    return fencedOrigins(seen.filter((fences) => fences !== undefined));
  }

  async function leaseView(region: Region) {
    const item = await read(region, heartbeatKey(region.origin));
    const own: Heartbeat | undefined = item === undefined ? undefined : got(itemToHeartbeat(item));
    const echoes: Echoes[] = [];
    for (const other of regions) {
      const heard = await read(region, echoesKey(other.origin));
      echoes.push(...(heard === undefined ? [] : [got(itemToEchoes(heard))]));
    }
    return { own, echoes, configured, fenced: await fencedBy(region) };
  }

  async function beat(region: Region): Promise<void> {
    const view = await leaseView(region);
    const step = { echoed: echoedBeat(view), nowMs: clockMs(region), settings };
    await write(region, heartbeatKey(region.origin), planBeat(view.own, step));
  }

  async function echo(region: Region): Promise<void> {
    const heartbeats: Heartbeat[] = [];
    for (const other of regions) {
      const item = await read(region, heartbeatKey(other.origin));
      heartbeats.push(...(item === undefined ? [] : [got(itemToHeartbeat(item))]));
    }
    const item = await read(region, echoesKey(region.origin));
    const update = planEcho(item === undefined ? undefined : got(itemToEchoes(item)), {
      me: region.origin,
      heartbeats,
      fenced: await fencedBy(region),
      nowMs: clockMs(region),
    });
    if (update !== undefined) {
      await write(region, echoesKey(region.origin), update);
    }
  }

  async function fence(region: Region): Promise<void> {
    const names = { me: region.origin, lost: lost.origin, reclaimer: reclaimer.origin };
    const plan = planFence(await fencesOf(region, region), { ...names, nowMs: clockMs(region) });
    if (plan.ok && plan.value.type === "write") {
      await write(region, fencesKey(region.origin), plan.value.update);
    }
  }

  async function everybodyHears(): Promise<void> {
    for (const kind of ["HEARTBEAT", "ECHOES"] as const) {
      for (const region of regions) {
        await (kind === "HEARTBEAT" ? beat(region) : echo(region));
      }
      for (const from of regions) {
        for (const to of regions) {
          await deliver(from, to, kind, 0);
        }
      }
    }
  }

  async function lateEchoes(beats: number): Promise<void> {
    await beat(lost);
    for (const region of regions.filter((one) => one !== lost)) {
      await deliver(lost, region, "HEARTBEAT", 0);
      await echo(region);
    }
    for (let more = 0; more < beats; more += 1) {
      nowMs += 60 * 60 * 1000;
      await beat(lost);
    }
    for (const region of regions) {
      await deliver(region, lost, "ECHOES", 0);
    }
  }

  async function isLeased(region: Region): Promise<boolean> {
    return isLeaseRunning(leaseUntilMs(await leaseView(region), settings), clockMs(region));
  }

  /** When the reclaimer may take over, by what it has seen, and by its own clock. */
  async function reclaimableAt(): Promise<number | undefined> {
    const fences: Fences[] = [];
    for (const region of regions) {
      const known = await fencesOf(reclaimer, region);
      fences.push(...(known === undefined ? [] : [known]));
    }
    const view = { lost: lost.origin, reclaimer: reclaimer.origin, configured, fences };
    const allowed = reclaimableAtMs(view, settings);
    return allowed.ok ? allowed.value : undefined;
  }

  return {
    async play(step: LeaseStep): Promise<void> {
      switch (step.type) {
        case "beat":
          return beat(at(step.at));
        case "echo":
          return echo(at(step.at));
        case "fence":
          return fence(at(step.at));
        case "deliver":
          return deliver(at(step.from), at(step.to), step.kind, step.back);
        case "advance":
          nowMs += step.ms;
          return;
        case "set-clock":
          at(step.at).offsetMs = run.steady ? at(step.at).offsetMs : Math.round(step.offset * unitMs);
          return;
        case "everybody-hears":
          return everybodyHears();
        case "late-echoes":
          return lateEchoes(step.beats);
        case "all-fence":
          for (const region of regions.filter((one) => one !== lost)) {
            await fence(region);
            await deliver(region, reclaimer, "FENCES", 0);
          }
          return;
      }
    },

    /** Whether the lost region may sell, and whether its units may be taken over, at this moment. */
    async state(): Promise<{ readonly leased: boolean; readonly reclaimable: boolean }> {
      const allowedMs = await reclaimableAt();
      return {
        leased: await isLeased(lost),
        reclaimable: allowedMs !== undefined && clockMs(reclaimer) >= allowedMs,
      };
    },

    async heardByAll(): Promise<readonly { readonly fenced: boolean; readonly leased: boolean }[]> {
      await everybodyHears();
      const found = [];
      for (const region of regions) {
        const own = await Promise.all(regions.map((one) => fencesOf(one, one)));
        const fenced = fencedOrigins(own.filter((fences) => fences !== undefined));
        found.push({ fenced: fenced.has(region.origin), leased: await isLeased(region) });
      }
      return found;
    },

    /**
     * Gives the region up while it hears everything until the last moment, and compares in true time: how long after
     * its lease's end its units may be taken over.
     */
    async untilReclaimable(): Promise<{ readonly lateMs: number }> {
      for (const region of regions.filter((one) => one !== lost)) {
        await fence(region);
        await deliver(region, reclaimer, "FENCES", 0);
      }
      await everybodyHears();
      const until = leaseUntilMs(await leaseView(lost), settings) ?? 0;
      const allowedMs = (await reclaimableAt()) ?? 0;
      return { lateMs: allowedMs - reclaimer.offsetMs - (until - lost.offsetMs) };
    },
  };
}
