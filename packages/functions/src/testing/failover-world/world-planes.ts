import {
  err,
  type FailoverPair,
  type FailoverTask,
  failoverPair,
  type Origin,
  type OriginOrder,
  ok,
  originRegion,
  regions,
} from "@antipode/core";
import { createOutsideLook } from "../../failover/outside-look.ts";
import type { Changed } from "../../failover/ports.ts";
import type { RunDeps } from "../../failover/run.ts";
import type { Names } from "./names.ts";

/** What can be asked of the world, and refuse: the control planes of names and the CDN, SNS to people, the bus, SNS to functions. */
export const planes = ["names", "names-sync", "edge", "people", "systems", "news"] as const;
export type Plane = (typeof planes)[number];
/** What a run does outside; it only looks otherwise. */
export type Effect = Exclude<Plane, "news">;

/** One call of a run, from its beginning to its end. */
export interface Call {
  readonly at: number;
  readonly task: FailoverTask;
  readonly effect: Effect;
  /** Whether it did what it was to do; not known while it is underway. */
  isDone?: boolean;
}

export interface WorldPlanesOptions {
  readonly origins: readonly Origin[];
  readonly chance: () => number;
  readonly fetchFrom: (at: number, url: string, init?: RequestInit) => Promise<Response>;
  /** Where `api` leads. */
  readonly names: Names;
  /** Those that refuse at the moment. */
  readonly refusing: ReadonlySet<Plane>;
  /** The control planes of names and the CDN are in the first region. */
  readonly isHomeDead: () => boolean;
  /** When one begins; what is returned is called when it has ended. */
  readonly onCall: (call: Call) => () => void;
}

const domain = "shop.example";

/** The regions as the failover pair is chosen of them. */
export function pairRegionsOf(origins: readonly Origin[]) {
  return origins.map(originRegion).map((name) => ({
    name,
    partner: regions.find((region) => region.name === name)?.partner ?? name,
  }));
}

/** What runs reach outside their region: one of each, for all regions. It takes its time, and may refuse. */
export function createWorldPlanes(options: WorldPlanesOptions) {
  const { origins, chance, fetchFrom, names, refusing, isHomeDead, onCall } = options;
  const state: { pair: FailoverPair | undefined; order: OriginOrder; changes: number } = {
    pair: failoverPair(pairRegionsOf(origins), []),
    order: "nearest-first",
    changes: 0,
  };
  const nameOf = (at: number) => originRegion(origins[at] ?? origins[0] ?? ("" as Origin));

  function pairLeadsTo(): string {
    const { primary = "", secondary = "" } = state.pair ?? {};
    const open = names.open(0).map(nameOf);
    const isOpen = (name: string) => open.includes(name);
    return isOpen(primary) || !isOpen(secondary) ? primary : secondary;
  }

  const edgeFrom = (at: number): number | undefined => {
    const [nearest, alternate] = names.open(at);
    return state.order === "nearest-first" ? nearest : (alternate ?? nearest);
  };

  async function fetchOutside(at: number, url: string, init?: RequestInit): Promise<Response> {
    if (new URL(url).hostname !== domain) {
      return fetchFrom(at, url, init);
    }
    const by = edgeFrom(at);
    return by === undefined
      ? new Response("", { status: 502 })
      : new Response("", { headers: { "Served-By": nameOf(by) } });
  }

  /** What an invocation of a region's function gets. */
  function of(at: number, task: FailoverTask, delay: (ms: number) => Promise<void>) {
    async function call<Value>(effect: Effect, withinMs: number, apply: () => Value) {
      const made: Call = { at, task, effect };
      const ended = onCall(made);
      await delay(1_000 + chance() * withinMs);
      const isAway = isHomeDead() && (effect === "names" || effect === "names-sync" || effect === "edge");
      const refuses = refusing.has(effect) || isAway || chance() < 0.03;
      made.isDone = !refuses;
      ended();
      return refuses ? err("ThrottlingException: not now") : ok(apply());
    }
    const deps: Pick<RunDeps, "planes" | "announce" | "look"> = {
      planes: {
        names: {
          lead: (pair) =>
            call("names", 3_000, (): Changed => {
              state.pair = pair;
              state.changes += 1;
              return { note: `leads to ${pair.primary}`, ref: `/change/C${state.changes}` };
            }),
          whenKnown: (ref) => call("names-sync", 50_000, (): Changed => ({ note: `${ref} is known` })),
        },
        edge: {
          order: (order) =>
            call("edge", 5_000, (): Changed => {
              state.order = order;
              return { note: order };
            }),
        },
      },
      announce: {
        tellPeople: () => call("people", 2_000, () => undefined),
        tellSystems: () => call("systems", 2_000, () => undefined),
      },
      look: createOutsideLook({
        domain,
        urlOf: (region) => `https://${region}.${domain}`,
        edgeUrl: `https://${domain}`,
        unique: () => String(chance()),
        fetch: (url, init) => fetchOutside(at, String(url), init),
        resolveCname: async (name) => {
          const region = name.startsWith("api.") ? nameOf(names.answer(at)) : pairLeadsTo();
          return [`${region}.${domain}`];
        },
      }),
    };
    return deps;
  }

  return { state: state as Readonly<typeof state>, of };
}

export type WorldPlanes = ReturnType<typeof createWorldPlanes>;
