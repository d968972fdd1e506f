import { apiRoutes } from "../api/create-api.ts";
import type { Route } from "../api/route.ts";
import { checkoutRoutes } from "../checkout/create-checkout.ts";
import type { HealthDeps } from "../health/deps.ts";
import { healthRoutes } from "../health/health-routes.ts";
import { createTestShops } from "./test-shops.ts";

/** Every route that a region serves, by the function that serves it. */
export function mountedRoutes(): {
  readonly api: readonly Route[];
  readonly checkout: readonly Route[];
  readonly health: readonly Route<HealthDeps>[];
} {
  const [shop] = createTestShops().shops;
  if (shop === undefined) {
    throw new Error("no shops");
  }
  return { api: apiRoutes(shop), checkout: checkoutRoutes(shop.deps), health: healthRoutes(shop) };
}
