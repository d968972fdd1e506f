import { createApp } from "../api/create-app.ts";
import type { Route } from "../api/route.ts";
import type { CheckoutDeps } from "./deps.ts";
import { createCheckoutRoutes } from "./routes/checkout/index.ts";
import { createOrderRoutes } from "./routes/orders/index.ts";
import { createPaymentRoutes } from "./routes/payments/index.ts";
import { createStockRoutes } from "./routes/stock/index.ts";

export function checkoutRoutes(deps: CheckoutDeps): readonly Route[] {
  return [
    ...createCheckoutRoutes(deps),
    ...createOrderRoutes(deps),
    ...createStockRoutes(deps),
    ...createPaymentRoutes(deps),
  ];
}

/** Checkout, orders and stock of one region: the part of the API that sells. */
export function createCheckout(deps: CheckoutDeps) {
  return createApp(deps, checkoutRoutes(deps));
}
