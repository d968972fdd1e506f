import { createApp } from "./create-app.ts";
import type { ApiDeps } from "./deps.ts";
import type { Route } from "./route.ts";
import { cartRoutes } from "./routes/carts/index.ts";
import { conflictRoutes } from "./routes/conflicts/index.ts";
import { createHealthRoutes } from "./routes/health/index.ts";
import { productRoutes } from "./routes/products/index.ts";
import { regionRoutes } from "./routes/regions/index.ts";
import { sessionRoutes } from "./routes/sessions/index.ts";

export function apiRoutes(deps: ApiDeps): readonly Route[] {
  return [
    ...productRoutes,
    ...conflictRoutes,
    ...sessionRoutes,
    ...cartRoutes,
    ...regionRoutes,
    ...createHealthRoutes(deps),
  ];
}

/** The shopping API of one region, but for what the Checkout function serves. */
export function createApi(deps: ApiDeps) {
  return createApp(deps, apiRoutes(deps));
}
