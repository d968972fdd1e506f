import { ok } from "@antipode/core";
import { adminRoute, openRoute } from "../../route.ts";
import { handleCommand } from "./command.ts";
import { drainRegion, listRegions, restoreRegion } from "./contract.ts";

export const regionRoutes = [
  openRoute(listRegions, async (_exchange, { deployment }) => {
    const regions = deployment.regions.map(({ name, origin }) => ({
      name,
      origin,
      url: deployment.domain === "" ? null : `https://${name}.${deployment.domain}`,
    }));
    return ok({
      status: 200,
      body: { servedBy: deployment.region, regions },
      headers: { "Cache-Control": "no-store" },
    });
  }),
  adminRoute(drainRegion, handleCommand("drain")),
  adminRoute(restoreRegion, handleCommand("restore")),
];
