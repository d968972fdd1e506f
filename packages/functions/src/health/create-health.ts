import { createApp } from "../api/create-app.ts";
import type { HealthDeps } from "./deps.ts";
import { healthRoutes } from "./health-routes.ts";

/** What Route 53's checkers ask of a region, and nothing else. */
export function createHealth(deps: HealthDeps) {
  return createApp(deps, healthRoutes(deps));
}
