import {
  defaultFailoverSettings,
  defaultVoteSettings,
  type FailoverView,
  type Origin,
  type VoteSettings,
} from "@antipode/core";
import {
  applyFault,
  chanceFrom,
  checkEveryMs,
  type Faults,
  noFaults,
  origin,
  slowCheckEveryMs,
  type VoteStep,
} from "@antipode/core/testing";
import { createAlarmBearer } from "./alarm-bearer.ts";
import { allParts, createCheckers } from "./checkers.ts";
import { createControlReplication } from "./control-replication.ts";
import { type FunctionRun, type FunctionStep, isVoteStep } from "./function-steps.ts";
import type { RunsWorld } from "./judge-runs.ts";
import { apiWeights, createNames } from "./names.ts";
import { createOperators } from "./operators.ts";
import { createPublicNetwork } from "./public-network.ts";
import { createRegionPlace, type RegionPlace } from "./region-place.ts";
import { type Call, createWorldPlanes, type Plane } from "./world-planes.ts";
import { nothingWrong, type WrongChange } from "./wrong-change.ts";

const originNames = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "ap-east-1#1", "us-west-2#1"];
const beginMs = 1_760_000_000_000;
const tickMs = 1_000;

export interface Watch {
  /** Every five seconds. */
  glance?(): void;
  /** After a region's rounds. */
  round?(at: number): void;
  step?(step: VoteStep): void;
  /** When a run calls something outside; what is returned is called when it has ended. */
  call?(call: Call): () => void;
  /** Every five seconds, and with each thing that happens to a region's runs. */
  dropped?(at: number): void;
}

/** Settings of the votes that the functions run with. */
const settings: VoteSettings = defaultVoteSettings;

/**
 * Regions whose functions run as they are, each on a replica of its own, with Route 53's checkers and a network that faults
 * break: on virtual time, in this process. Nothing in it waits for real.
 */
export function createFunctionWorld(
  run: Pick<FunctionRun, "regions" | "seed" | "offsetsMs">,
  wrong: WrongChange = nothingWrong,
) {
  const origins = originNames.slice(0, run.regions).map(origin);
  const places = origins.map((_, at) => at);
  const faults: Faults = noFaults();
  const chance = chanceFrom(run.seed);
  const phases = places.map(() => Math.floor(chance() * 10) * tickMs);
  let nowMs = beginMs;
  let watch: Watch = {};

  const placeAt = (at: number): RegionPlace => {
    const place = all[at % origins.length];
    if (place === undefined) {
      throw new Error(`no place ${at}`);
    }
    return place;
  };
  const clockMs = (at: number) => placeAt(at).clockMs();
  const originAt = (at: number): Origin => placeAt(at).region.origin;

  const replication = createControlReplication({
    places,
    faults,
    chance,
    nowMs: () => nowMs,
    onArrival: (to, item) => placeAt(to).receive(item),
  });

  const request = (at: number, path: string, init?: RequestInit) => placeAt(at).region.request(path, init);
  const fetchFrom = createPublicNetwork({ origins, faults, chance, request });
  const operators = createOperators({ originAt, request, sight: (at) => placeAt(at).region.sight() });
  const bearAlarm = createAlarmBearer({
    places,
    originAt,
    faults,
    chance,
    nowMs: () => nowMs,
    hear: (at, event) => placeAt(at).region.hear(event),
  });
  const checkers = createCheckers({
    origins,
    faults,
    region: (at) => placeAt(at).region,
    clockMs,
    settings,
    isWhole: wrong.isWhole ?? allParts,
  });
  const { routing } = checkers;
  const names = createNames({
    places,
    routing,
    weights: wrong.weights ?? apiWeights,
    chance: chanceFrom(run.seed + 1),
  });

  const refusing = new Set<Plane>();
  const worldPlanes = createWorldPlanes({
    origins,
    chance,
    fetchFrom,
    names,
    refusing,
    isHomeDead: () => faults.dead.has(0),
    onCall: (call) => watch.call?.(call) ?? (() => {}),
  });

  const all = origins.map((one, at) =>
    createRegionPlace({
      at,
      origin: one,
      configured: origins,
      offsetMs: run.offsetsMs[at] ?? 0,
      faults,
      chance,
      nowMs: () => nowMs,
      fetch: (url, init) => fetchFrom(at, String(url), init),
      outside: (task, delay) => worldPlanes.of(at, task, delay),
      doesTopicRefuse: () => refusing.has("news") || chance() < 0.05,
      send: (item) => replication.send(at, item),
      wrong,
    }),
  );

  async function tick(): Promise<void> {
    nowMs += tickMs;
    replication.deliver();
    for (const at of places) {
      const sinceMs = nowMs - (phases[at] ?? 0);
      if (!faults.dead.has(at)) {
        await placeAt(at).dispatch();
        if (await placeAt(at).runProber(sinceMs % 60_000 === 0)) {
          watch.round?.(at);
        }
        await placeAt(at).region.runs.wake();
      }
      if ((sinceMs + 3 * tickMs) % checkEveryMs === 0) {
        await checkers.check(at);
      }
      if ((sinceMs + 3 * tickMs) % slowCheckEveryMs === 0) {
        await checkers.checkLong(at);
      }
    }
    if (nowMs % 5_000 === 0) {
      watch.glance?.();
    }
  }

  function applyToPlace(step: VoteStep): void {
    if (step.type === "kill") {
      placeAt(step.at).kill();
      watch.dropped?.(step.at % places.length);
    } else if (step.type === "stop-prober") {
      placeAt(step.at).stopProber();
    } else if (step.type === "mend") {
      placeAt(step.at).mend();
    } else if (step.type === "set-clock") {
      placeAt(step.at).setClock(step.offsetMs);
    }
  }

  function viewOf(at: number): FailoverView {
    const { region } = placeAt(at);
    const me = region.origin;
    const limits = { settings: defaultFailoverSettings, voteSettings: settings };
    return { ...region.failoverSight(), me, configured: origins, nowMs: clockMs(at), ...limits };
  }

  async function play(step: FunctionStep): Promise<void> {
    if (!isVoteStep(step)) {
      if (step.type === "crash") {
        placeAt(step.at).region.runs.crash();
        watch.dropped?.(step.at % places.length);
      } else {
        refusing[step.type === "refuse" ? "add" : "delete"](step.plane);
      }
      return;
    }
    applyFault(faults, step, places);
    applyToPlace(step);
    if (step.type === "wait") {
      for (let second = 0; second < step.seconds; second += 1) {
        await tick();
      }
    } else if (step.type === "alarm") {
      await bearAlarm(step.at % places.length, step.state);
    } else if (step.type === "version") {
      placeAt(step.at).region.runVersion(step.version);
    } else if (step.type === "command" && !faults.dead.has(step.at % places.length)) {
      await operators.say(step);
    }
    watch.step?.(step);
  }

  const judged: RunsWorld = {
    places,
    origins,
    faults,
    commands: operators.commands,
    nowMs: () => nowMs,
    clockMs,
    region: (at) => placeAt(at).region,
    routing,
    planes: worldPlanes.state,
    viewOf,
  };

  return {
    ...judged,
    names,
    play,
    bugs: () => all.flatMap(({ region }) => region.bugs),
    observe(next: Watch): void {
      watch = next;
    },
  };
}

export type FunctionWorld = ReturnType<typeof createFunctionWorld>;
