import type { ApiDeps } from "../../deps.ts";
import { adminRoute, openRoute, type Route } from "../../route.ts";
import { handleCommand } from "./command.ts";
import { drainRegion, listRegions, restoreRegion } from "./contract.ts";
import { createListRegions } from "./list.ts";

export function createRegionRoutes(deps: ApiDeps): readonly Route[] {
  return [
    openRoute(listRegions, createListRegions(deps)),
    adminRoute(drainRegion, handleCommand("drain")),
    adminRoute(restoreRegion, handleCommand("restore")),
  ];
}
