/** The public shopping API of this region: one function behind an HTTP API. */
import { deploymentLink } from "./deployment.ts";
import { apiDomain } from "./domain.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { sessionKeys } from "./secrets.ts";
import { globalTables, regionalTables } from "./tables.ts";

const { Carts } = globalTables;
const { Views } = regionalTables;

export const apiFunction = regionalFunction("Api", {
  handler: "packages/functions/src/api/handler.handler",
  description: "The shopping API: takes any read and any write of this region",
  link: [deploymentLink, sessionKeys, Carts.link, Views],
  permissions: [
    { actions: ["dynamodb:GetItem"], resources: [Views.arn] },
    { actions: ["dynamodb:Query"], resources: [$interpolate`${Views.arn}/index/byCategory`] },
    {
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [Carts.arn],
      conditions: leadingKeys("CART#"),
    },
  ],
  timeout: "10 seconds",
  memory: "1024 MB",
});

export const api = new sst.aws.ApiGatewayV2("ShopApi", {
  ...(apiDomain ? { domain: apiDomain } : {}),
  cors: false, // the function answers preflights: it knows which routes and headers exist
  accessLog: { retention: "1 month" },
});

api.route("$default", apiFunction.arn);
