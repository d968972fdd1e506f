import { drainVotes, health, ramped } from "../health/contract.ts";
import { createApp } from "./create-app.ts";
import type { ApiDeps } from "./deps.ts";
import { redirectToDocs } from "./docs-redirect.ts";
import type { Route } from "./route.ts";
import { cartRoutes } from "./routes/carts/index.ts";
import { conflictRoutes } from "./routes/conflicts/index.ts";
import { productRoutes } from "./routes/products/index.ts";
import { createReadyRoutes } from "./routes/ready/index.ts";
import { createRegionRoutes } from "./routes/regions/index.ts";
import { sessionRoutes } from "./routes/sessions/index.ts";

export function apiRoutes(deps: ApiDeps): readonly Route[] {
  return [
    ...productRoutes,
    ...conflictRoutes,
    ...sessionRoutes,
    ...cartRoutes,
    ...createRegionRoutes(deps),
    ...createReadyRoutes(deps),
  ];
}

/** The shopping API of one region, but for what the Checkout and Health functions serve. */
export function createApi(deps: ApiDeps) {
  const app = createApp(deps, apiRoutes(deps), [health, ramped, drainVotes]);
  // Neither is a route of its own, so both come here; should /docs/ count as a path below /docs, Docs says the same.
  for (const path of ["/", "/docs/"]) app.get(path, redirectToDocs);
  return app;
}
