import type { Table } from "@antipode/core";
import { createDynamoClient, ownRegionLimits } from "../aws/dynamo-client.ts";
import { createDynamoItems } from "../aws/items.ts";
import { createLambdaPeers } from "../aws/peers.ts";
import { createRemoteRead } from "../aws/remote-read.ts";
import { createSellingRights } from "../control/selling-rights.ts";
import { createStripePayments } from "../payments/create-stripe-payments.ts";
import { systemClock, systemDelay } from "../platform/clock.ts";
import {
  type Links,
  linkedDeployment,
  linkedName,
  linkedPeers,
  linkedSecret,
} from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createMeasurements } from "../platform/measurements.ts";
import type { SellingDeps } from "./deps.ts";

/** What every function that sells is wired with; `tables` are those beyond Carts, Control, Orders and Stock. */
export function sellingDeps(links: Links, tables: readonly Table[] = []): SellingDeps {
  const deployment = linkedDeployment(links);
  const paymentAddress = process.env["STRIPE_API_BASE"]; // set where the real provider is not, as in the local world
  const names = (of: readonly Table[]) =>
    Object.fromEntries(of.map((name) => [name, linkedName(links, name)]));
  const sold = ["Carts", "Control", "Orders", "Stock"] as const;
  const items = createDynamoItems({
    client: createDynamoClient(deployment.region, ownRegionLimits),
    tableNames: names([...sold, ...tables]),
    origin: deployment.origin,
  });
  return {
    deployment,
    items,
    remote: createRemoteRead({
      peers: deployment.regions.map(({ name }) => name).filter((name) => name !== deployment.region),
      tableNames: names(["Carts", "Orders", "Stock"]),
    }),
    peers: createLambdaPeers({ functionNames: linkedPeers(links) }),
    payments: createStripePayments({
      secretKey: linkedSecret(links, "PaymentKey"),
      ...(paymentAddress === undefined ? {} : { baseUrl: paymentAddress }),
    }),
    rights: createSellingRights({ items, clock: systemClock, deployment }),
    clock: systemClock,
    delay: systemDelay,
    chance: Math.random,
    log: createLog(deployment),
    measurements: createMeasurements(deployment),
  };
}
