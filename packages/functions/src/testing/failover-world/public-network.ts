import { type Origin, originRegion } from "@antipode/core";
import { type Faults, isReachable } from "@antipode/core/testing";

export interface PublicNetworkOptions {
  readonly origins: readonly Origin[];
  readonly faults: Faults;
  readonly chance: () => number;
  readonly request: (at: number, path: string, init?: RequestInit) => Promise<Response>;
}

/** How a region reaches another one's own address: cuts and the dead are in the way, and a gray region fails its looks. */
export function createPublicNetwork({ origins, faults, chance, request }: PublicNetworkOptions) {
  return async (from: number, url: string, init?: RequestInit): Promise<Response> => {
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
    const answer = await request(to, pathname, { method: init?.method ?? "GET" });
    return new Response(await answer.text(), { status: answer.status }); // what the network brings
  };
}
