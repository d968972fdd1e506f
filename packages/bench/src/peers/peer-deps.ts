import { isOrigin } from "@antipode/core";
import { createSessions, parseKeySet } from "../../../functions/src/platform/sessions.ts";
import type { PeerDeps } from "./shop.ts";
import { createPeerStore } from "./store.ts";

function link(name: string): Record<string, never> {
  return JSON.parse(process.env[`SST_RESOURCE_${name}`] ?? "{}");
}

/** Wires a peer from the variables that SST sets; malformed ones are found by the first call. */
export function peerDeps(): PeerDeps {
  const {
    region = "",
    origin = "",
    regions = [],
    domain = "",
  } = link("Deployment") as {
    region?: string;
    origin?: string;
    regions?: PeerDeps["regions"];
    domain?: string;
  };
  if (!isOrigin(origin)) {
    throw new Error(`not an origin: ${origin}`);
  }
  const tables = { carts: String(link("Carts")["name"]), views: String(link("Views")["name"]) };
  return {
    region,
    origin,
    regions,
    domain,
    store: createPeerStore(region, tables),
    sessions: createSessions(parseKeySet(String(link("SessionKeys")["value"]))),
  };
}
