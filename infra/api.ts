/** The public shopping API of this region: one function behind an HTTP API. */
import { deployment, deploymentLink } from "./deployment.ts";
import { apiDomain } from "./domain.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { readAtPeers } from "./peers.ts";
import { sessionKeys } from "./secrets.ts";
import { readControl } from "./selling.ts";
import { globalTables, regionalTables } from "./tables.ts";

const { Carts, Catalog, Control } = globalTables;
const { Conflicts, Views } = regionalTables;

export const apiFunction = regionalFunction("Api", {
  handler: "packages/functions/src/api/handler.handler",
  description: "The shopping API: takes any read and any write of this region",
  link: [deploymentLink, sessionKeys, Carts.link, Catalog.link, Control.link, Views, Conflicts],
  permissions: [
    {
      actions: ["dynamodb:GetItem"],
      resources: [Views.arn],
      conditions: leadingKeys("PRODUCT#"),
    },
    { actions: ["dynamodb:Query"], resources: [$interpolate`${Views.arn}/index/byCategory`] },
    { actions: ["dynamodb:Query"], resources: [Views.arn], conditions: leadingKeys("LAG#") },
    {
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [Carts.arn],
      conditions: leadingKeys("CART#"),
    },
    {
      actions: ["dynamodb:Query", "dynamodb:PutItem"],
      resources: [Catalog.arn],
      conditions: leadingKeys("PRODUCT#"),
    },
    {
      actions: ["dynamodb:Query", "dynamodb:PutItem"],
      resources: [Conflicts.arn],
      conditions: leadingKeys("CONFLICT#"),
    },
    readControl, // `/ready` says whether the region sells; `/v1/regions` what all of them say
    {
      actions: ["dynamodb:PutItem"],
      resources: [Control.arn],
      conditions: leadingKeys(`REGION#${deployment.origin}`),
    },
    // An answer that must cover what a client saw elsewhere reads the missing item where it was written.
    ...readAtPeers("Carts", ["dynamodb:GetItem"], "CART#"),
    ...readAtPeers("Catalog", ["dynamodb:GetItem"], "PRODUCT#"),
  ],
  timeout: "10 seconds",
  memory: "1024 MB",
});

export const api = new sst.aws.ApiGatewayV2("ShopApi", {
  ...(apiDomain ? { domain: apiDomain } : {}),
  cors: false, // the function answers preflights: it knows which routes and headers exist
  accessLog: { retention: "1 month" },
  transform: {
    stage: {
      // Metrics of each route. Limits must be given with it, or the provider sets them to none: these are Amazon's own.
      defaultRouteSettings: {
        detailedMetricsEnabled: true,
        throttlingBurstLimit: 5_000,
        throttlingRateLimit: 10_000,
      },
    },
  },
});

api.route("$default", apiFunction.arn);

/** What shoppers wait for most: routes of their own, since a percentile cannot be taken apart afterwards. */
export const hotRoutes = [
  "GET /v1/products",
  "GET /v1/products/{productId}",
  "GET /v1/carts/{cartId}",
  "POST /v1/carts/{cartId}/lines",
];

/**
 * What other regions' probers ask, some 18 times a minute, with metrics of its own for who looks into them. Theirs is a
 * look at the shop's own function: what fails for them fails for shoppers.
 */
const readyRoute = "GET /ready";

for (const route of [readyRoute, ...hotRoutes]) api.route(route, apiFunction.arn);
