/**
 * What Route 53's checkers ask, on the same HTTP API: whether this region is open, whether all its shoppers may come, and whom
 * it votes against. A function of its own with concurrency of its own: an overload of the shop's functions must not close
 * their region, and so put its load on the next one, past the votes (docs/decisions/0027). `/ready` is not here on purpose.
 */
import { api } from "./api.ts";
import { deployment, deploymentLink } from "./deployment.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { stage } from "./stage.ts";
import { globalTables, regionalTables } from "./tables.ts";

const { Carts, Catalog, Control } = globalTables;
const { Views } = regionalTables;

/**
 * Sixteen checkers make sixteen requests a second of a region: each of them three looks at `/health`, three at `/ramped` and three
 * at votes in ten seconds, and three more at `/ramped` in thirty. So many may take six seconds each before one is turned
 * away; Route 53 waits for two. One unit takes ten requests a second at most: a thousand in all, should others ask too.
 */
const reservedConcurrency = 100;

const healthFunction = regionalFunction("Health", {
  handler: "packages/functions/src/health/handler.handler",
  description:
    "Answers Route 53's checkers: whether shoppers are sent to this region, and what it says of others",
  link: [deploymentLink, Carts.link, Catalog.link, Control.link, Views],
  permissions: [
    {
      actions: ["dynamodb:GetItem"], // what this region's prober said
      resources: [Control.arn],
      conditions: leadingKeys(`REGION#${deployment.origin}`),
    },
    // Whether the tables answer: items that never exist.
    {
      actions: ["dynamodb:GetItem"],
      resources: [Views.arn],
      conditions: leadingKeys("PRODUCT#readiness"),
    },
    {
      actions: ["dynamodb:GetItem"],
      resources: [Carts.arn],
      conditions: leadingKeys("CART#readiness"),
    },
    {
      actions: ["dynamodb:Query"],
      resources: [Catalog.arn],
      conditions: leadingKeys("PRODUCT#readiness"),
    },
  ],
  // Nobody checks a personal stage, and many may share one account's limit.
  ...(stage.isPersonal ? {} : { reservedConcurrency }),
  timeout: "10 seconds",
  memory: "1024 MB",
});

/**
 * Routes of their own, so that their answers stay out of what alarms count: of those who shop, and not of who looks. Any
 * other method goes to the API, which refuses it: here it would be one more route that the alarms have to leave out.
 */
export const checkedRoutes = ["GET /health", "GET /ramped", "GET /drain-votes/{region}"];

for (const route of checkedRoutes) api.route(route, healthFunction.arn);
