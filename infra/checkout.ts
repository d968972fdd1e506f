/**
 * Checkout, orders and stock, on the same HTTP API. A function of its own: the one that shoppers wait for while they browse
 * has no right to stock, orders or the provider's key, and none of the provider's library in its bundle.
 */
import { api } from "./api.ts";
import { deploymentLink } from "./deployment.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { askPeers, peerLink, readAtPeers } from "./peers.ts";
import { paymentWebhookSecret, sessionKeys } from "./secrets.ts";
import { decideOnStock, orderKeeping, readOffers, takeDeliveries } from "./selling.ts";
import { globalTables, regionalTables } from "./tables.ts";

const { Control, Orders } = globalTables;
const { Views } = regionalTables;

const checkoutFunction = regionalFunction("Checkout", {
  handler: "packages/functions/src/checkout/handler.handler",
  description: "Places orders, takes deliveries, and answers for orders and stock",
  link: [
    deploymentLink,
    sessionKeys,
    paymentWebhookSecret,
    peerLink,
    ...orderKeeping.link,
    Control.link,
    Views,
  ],
  permissions: [
    ...orderKeeping.permissions,
    ...decideOnStock,
    ...askPeers, // for stock, a witness, a delivery's region, and the region that a payment's event is about
    readOffers,
    takeDeliveries,
    {
      actions: ["dynamodb:GetItem"], // what the dispatcher says of a SKU's availability
      resources: [Views.arn],
      conditions: leadingKeys("SKU#"),
    },
    // No prefix: the leading keys of a query on an index are the index's, here shoppers.
    { actions: ["dynamodb:Query"], resources: [$interpolate`${Orders.arn}/index/byShopper`] },
    ...readAtPeers("Orders", ["dynamodb:Query"], "ORDER#"),
  ],
  timeout: "15 seconds", // the provider may take some seconds
  memory: "1024 MB",
});

// Every method, so that the function refuses those that a path does not take: what is not routed goes to the API.
for (const path of [
  "/v1/carts/{cartId}/checkout",
  "/v1/orders",
  "/v1/orders/{proxy+}",
  "/v1/stock/{proxy+}",
  "/v1/payments/webhook",
]) {
  api.route(`ANY ${path}`, checkoutFunction.arn);
}
