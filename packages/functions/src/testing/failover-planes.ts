import { err, type FailoverPair, type OriginOrder, ok } from "@antipode/core";
import type { Announcement, ControlPlanes, OutsideLook, RegionEvent } from "../failover/ports.ts";
import type { RunDeps } from "../failover/run.ts";

/** What runs do outside, recorded; what is in `refusing` does not succeed. */
export function createFakePlanes() {
  const refusing = new Set<"people" | "systems" | "names" | "names-sync" | "edge">();
  const people: Announcement[] = [];
  const systems: RegionEvent[] = [];
  const planes: { pair?: FailoverPair; order?: OriginOrder; changes: number } = { changes: 0 };
  /** What clients outside see. */
  const outside = {
    health: 503,
    vote: 200,
    leads: "us-east-1.shop.example" as string | undefined,
    edge: "us-east-1" as string | undefined,
  };
  const refused = err("ThrottlingException: not now");
  const control: ControlPlanes = {
    names: {
      async lead(pair) {
        if (refusing.has("names")) {
          return refused;
        }
        if (planes.pair?.primary === pair.primary && planes.pair.secondary === pair.secondary) {
          return ok({ note: `leads to ${pair.primary}, as it did` });
        }
        planes.pair = pair;
        planes.changes += 1;
        return ok({ note: `leads to ${pair.primary}`, ref: "/change/C1" });
      },
      whenKnown: async (ref) => (refusing.has("names-sync") ? refused : ok({ note: `${ref} is known` })),
    },
    edge: {
      async order(order) {
        if (refusing.has("edge")) {
          return refused;
        }
        planes.order = order;
        return ok({ note: order });
      },
    },
  };
  const look: OutsideLook = {
    status: async (_region, path) => ok(path === "/health" ? outside.health : outside.vote),
    leadsTo: async () => ok(outside.leads),
    edgeServedBy: async () => ok(outside.edge),
  };
  const announce: RunDeps["announce"] = {
    async tellPeople(announcement) {
      if (refusing.has("people")) {
        return refused;
      }
      people.push(announcement);
      return ok(undefined);
    },
    async tellSystems(event) {
      if (refusing.has("systems")) {
        return refused;
      }
      systems.push(event);
      return ok(undefined);
    },
  };
  return { refusing, people, systems, planes, outside, deps: { planes: control, look, announce } };
}
