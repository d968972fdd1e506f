import {
  type Command,
  defaultFailoverSettings,
  defaultVoteSettings,
  type FailoverView,
  type Origin,
  originRegion,
  type StoredItem,
  type VoteSettings,
} from "@antipode/core";
import {
  applyFault,
  chanceFrom,
  checkEveryMs,
  type Faults,
  isReachable,
  noFaults,
  origin,
  type VoteStep,
} from "@antipode/core/testing";
import { type AlarmState, alarmNews } from "./alarm-events.ts";
import { createCheckers } from "./checkers.ts";
import { createControlReplication } from "./control-replication.ts";
import { type FunctionRun, type FunctionStep, isVoteStep } from "./function-steps.ts";
import type { RunsWorld } from "./judge-runs.ts";
import { createRegionFunctions, type RegionFunctions } from "./region-functions.ts";
import { type Call, createWorldPlanes, type Plane } from "./world-planes.ts";
import { nothingWrong, type WrongChange } from "./wrong-changes.ts";

const names = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "ap-east-1#1", "us-west-2#1"];
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

interface Place {
  readonly region: RegionFunctions;
  offsetMs: number;
  /** What the stream has to show to the dispatcher. */
  stream: { readonly item: StoredItem; readonly dueMs: number }[];
  rounds: number;
}

type CommandStep = Extract<VoteStep, { readonly type: "command" }>;

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
  const origins = names.slice(0, run.regions).map(origin);
  const places = origins.map((_, at) => at);
  const faults: Faults = noFaults();
  const chance = chanceFrom(run.seed);
  const phases = places.map(() => Math.floor(chance() * 10) * tickMs);
  const commands: Command[] = [];
  let nowMs = beginMs;
  let watch: Watch = {};

  const placeAt = (at: number): Place => {
    const place = all[at % origins.length];
    if (place === undefined) {
      throw new Error(`no place ${at}`);
    }
    return place;
  };
  const clockMs = (at: number) => nowMs + (all[at]?.offsetMs ?? run.offsetsMs[at] ?? 0);
  const originAt = (at: number): Origin => placeAt(at).region.origin;
  const stream = (at: number, item: StoredItem) =>
    placeAt(at).stream.push({ item, dueMs: nowMs + 200 + chance() * 1_000 });

  const replication = createControlReplication({
    places,
    faults,
    chance,
    nowMs: () => nowMs,
    onArrival(to, item) {
      placeAt(to).region.receive(item);
      stream(to, item);
    },
  });

  /** A request over the public network, from one region to another's own address. */
  async function fetchFrom(from: number, url: string, init?: RequestInit): Promise<Response> {
    const { hostname, pathname } = new URL(url);
    const to = origins.findIndex((one) => hostname.startsWith(`${originRegion(one)}.`));
    const fails = chance() * 100 < (faults.failShare.get(to) ?? 0);
    if (!isReachable(faults, from, to)) {
      throw new TypeError("fetch failed");
    }
    if (fails && pathname === "/ready") {
      if (chance() < 0.5) {
        throw new DOMException("too late", "TimeoutError");
      }
      return new Response("out of order", { status: 503 });
    }
    const answer = await placeAt(to).region.request(pathname, { method: init?.method ?? "GET" });
    return new Response(await answer.text(), { status: answer.status }); // what the network brings
  }

  const refusing = new Set<Plane>();
  const worldPlanes = createWorldPlanes({
    origins,
    chance,
    fetchFrom,
    isAnswered: (at) => checkers.routing(at).answered,
    refusing,
    isHomeDead: () => faults.dead.has(0),
    onCall: (call) => watch.call?.(call) ?? (() => {}),
  });

  const all = origins.map(
    (one, at): Place => ({
      region: createRegionFunctions({
        origin: one,
        configured: origins,
        clock: { nowMs: () => clockMs(at) },
        fetch: (url, init) => fetchFrom(at, String(url), init),
        worldNowMs: () => nowMs,
        outside: (task, delay) => worldPlanes.of(at, task, delay),
        chance,
        doesTopicRefuse: () => refusing.has("news") || chance() < 0.05,
        onWrite(item) {
          stream(at, item);
          replication.send(at, item);
          if (item.sk === "VOTES") {
            placeAt(at).rounds += 1;
          }
        },
        wrong,
      }),
      offsetMs: run.offsetsMs[at] ?? 0,
      stream: [],
      rounds: 0,
    }),
  );

  const checkers = createCheckers({
    origins,
    faults,
    region: (at) => placeAt(at).region,
    clockMs,
    settings,
  });

  async function dispatch(at: number): Promise<void> {
    const place = placeAt(at);
    const untilMs = nowMs - (faults.backlogMs.get(at) ?? 0);
    const due = place.stream.filter(({ dueMs }) => dueMs <= untilMs);
    if (due.length > 0) {
      place.stream = place.stream.filter(({ dueMs }) => dueMs > untilMs);
      await place.region.dispatch(due.map(({ item }) => item));
    }
  }

  async function runProber(at: number, sinceMs: number): Promise<void> {
    const { region } = placeAt(at);
    const before = placeAt(at).rounds;
    await region.prober.wake();
    if (sinceMs % 60_000 === 0) {
      if (!stopped.has(at)) {
        faults.proberless.delete(at);
        await region.prober.start();
      }
    }
    if (placeAt(at).rounds !== before) {
      watch.round?.(at);
    }
  }

  /** By region, the last news of its alarm. */
  const told = new Map<number, unknown>();
  /** Regions whose schedule is switched off. */
  const stopped = new Set<number>();

  async function tick(): Promise<void> {
    nowMs += tickMs;
    replication.deliver();
    for (const at of places) {
      const sinceMs = nowMs - (phases[at] ?? 0);
      if (!faults.dead.has(at)) {
        await dispatch(at);
        await runProber(at, sinceMs);
        await placeAt(at).region.runs.wake();
      }
      if ((sinceMs + 3 * tickMs) % checkEveryMs === 0) {
        await checkers.check(at);
      }
    }
    if (nowMs % 5_000 === 0) {
      watch.glance?.();
    }
  }

  async function command(at: number, { target, action, force }: CommandStep): Promise<void> {
    const region = originRegion(originAt(target));
    const response = await placeAt(at).region.request(`/v1/regions/${region}/${action}`, {
      method: "POST",
      headers: { Authorization: "Bearer token", "Content-Type": "application/json" },
      body: JSON.stringify({ reason: "drill", force: force ?? false }),
    });
    if (response.status === 202) {
      const known = new Set(commands.map(({ stamp, number }) => `${stamp.origin}/${number}`));
      const said = placeAt(at).region.sight().commands;
      commands.push(...said.filter(({ stamp, number }) => !known.has(`${stamp.origin}/${number}`)));
    } else if (response.status !== 409) {
      throw new Error(`${action} of ${region}: ${response.status} ${await response.text()}`);
    }
  }

  /**
   * Every region that can be reached hears of it, maybe twice, and maybe late of what it was before; an alarm's end may be
   * lost.
   */
  async function alarm(of: number, state: AlarmState): Promise<void> {
    const news = alarmNews(originAt(of), state, nowMs);
    const before = told.get(of);
    for (const at of places) {
      const isLost = state === "ok" && chance() < 0.2;
      if (isLost || faults.dead.has(at) || (at !== of && !isReachable(faults, of, at))) {
        continue;
      }
      const { region } = placeAt(at);
      await region.hear(news.bus);
      await (at === of ? region.hear(news.topic) : undefined);
      for (const again of [before, news.bus].filter((one) => one !== undefined && chance() < 0.3)) {
        await region.hear(again);
      }
    }
    told.set(of, news.bus);
  }

  /** A prober whose region died, or whose schedule stopped, runs again at its next minute. */
  function applyToProber(step: VoteStep): void {
    const at = "at" in step ? step.at % places.length : 0;
    if (step.type === "kill") {
      placeAt(at).region.prober.drop();
      placeAt(at).region.runs.drop();
      watch.dropped?.(at);
    } else if (step.type === "stop-prober") {
      stopped.add(at);
      placeAt(at).region.prober.drop();
    } else if (step.type === "mend") {
      stopped.delete(at);
    }
    if (!placeAt(at).region.prober.isRunning()) {
      faults.proberless.add(at);
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
    applyToProber(step);
    if (step.type === "wait") {
      for (let second = 0; second < step.seconds; second += 1) {
        await tick();
      }
    } else if (step.type === "set-clock") {
      placeAt(step.at).offsetMs = step.offsetMs;
    } else if (step.type === "alarm") {
      await alarm(step.at % places.length, step.state);
    } else if (step.type === "version") {
      placeAt(step.at).region.runVersion(step.version);
    } else if (step.type === "command" && !faults.dead.has(step.at % places.length)) {
      await command(step.at, step);
    }
    watch.step?.(step);
  }

  for (const at of places) {
    faults.proberless.add(at); // until its schedule fires for the first time
  }

  const judged: RunsWorld = {
    places,
    origins,
    faults,
    commands,
    nowMs: () => nowMs,
    clockMs,
    region: (at) => placeAt(at).region,
    routing: checkers.routing,
    planes: worldPlanes.state,
    viewOf,
  };

  return {
    ...judged,
    play,
    bugs: () => all.flatMap(({ region }) => region.bugs),
    observe(next: Watch): void {
      watch = next;
    },
  };
}

export type FunctionWorld = ReturnType<typeof createFunctionWorld>;
