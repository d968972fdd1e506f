/**
 * What this region does for the others: grants rights, keeps witnesses, takes what belongs here. Only IAM leads here: their
 * Checkout and Reclaim functions may call it. It asks no region itself.
 */
import { deploymentLink } from "./deployment.ts";
import { leadingKeys, regionalFunction } from "./function.ts";
import { decideOnStock, orderKeeping, takeDeliveries } from "./selling.ts";
import { globalTables } from "./tables.ts";

export const peer = regionalFunction("Peer", {
  handler: "packages/functions/src/peer/handler.handler",
  description: "Answers other regions: grants of stock, witnesses, deliveries, fences",
  link: [deploymentLink, ...orderKeeping.link, globalTables.Control.link],
  permissions: [
    ...orderKeeping.permissions,
    ...decideOnStock, // grants
    takeDeliveries,
    {
      actions: ["dynamodb:UpdateItem"], // a fence
      resources: [globalTables.Control.arn],
      conditions: leadingKeys("REGION#"),
    },
  ],
  timeout: "15 seconds",
  memory: "1024 MB",
});
