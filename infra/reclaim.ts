/** Takes over the rights of a region that is lost for good, behind its lease. An operator invokes it; see the runbook. */
import { deploymentLink } from "./deployment.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { askPeers, peerLink, readAtPeers } from "./peers.ts";
import { globalTables } from "./tables.ts";

const { Control, Orders, Stock } = globalTables;

export const reclaim = regionalFunction("Reclaim", {
  handler: "packages/functions/src/reclaim/handler.handler",
  description: "Fences a lost region and reclaims its stock rights; invoked by an operator",
  link: [deploymentLink, peerLink, Control.link, Orders.link, Stock.link],
  permissions: [
    {
      actions: ["dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [Control.arn],
      conditions: leadingKeys("REGION#"),
    },
    { actions: ["dynamodb:Scan"], resources: [Stock.arn, Orders.arn] },
    {
      actions: ["dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [Stock.arn],
      conditions: leadingKeys("SKU#"),
    },
    { actions: ["dynamodb:Query"], resources: [Orders.arn], conditions: leadingKeys("ORDER#") },
    ...readAtPeers("Stock", ["dynamodb:Query"], "SKU#"),
    ...askPeers,
  ],
  timeout: "300 seconds",
  memory: "1024 MB",
});
