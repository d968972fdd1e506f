import type { GlobalTable, Table } from "@antipode/core";
import { ownItems, tablesElsewhere } from "../aws/linked-tables.ts";
import { createLambdaPeers } from "../aws/peers.ts";
import { createSellingRights } from "../control/selling-rights.ts";
import { createStripePayments } from "../payments/create-stripe-payments.ts";
import { systemClock, systemDelay } from "../platform/clock.ts";
import { type Links, linkedDeployment, linkedPeers, linkedSecret } from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createMeasurements } from "../platform/measurements.ts";
import type { AdvancingDeps, DecidingDeps, SellingDeps } from "./deps.ts";

/** Tables beyond those of an order's next step, here and in the other regions. */
interface Reach {
  readonly tables?: readonly Table[];
  readonly elsewhere?: readonly GlobalTable[];
}

function linkedDeps(links: Links, { tables = [], elsewhere = [] }: Reach = {}): AdvancingDeps {
  const deployment = linkedDeployment(links);
  const paymentAddress = process.env["STRIPE_API_BASE"]; // set where the real provider is not, as in the local world
  return {
    deployment,
    items: ownItems(links, deployment, ["Carts", "Orders", "Stock", ...tables]),
    remote: tablesElsewhere(links, deployment, ["Carts", ...elsewhere]),
    payments: createStripePayments({
      secretKey: linkedSecret(links, "PaymentKey"),
      ...(paymentAddress === undefined ? {} : { baseUrl: paymentAddress }),
    }),
    clock: systemClock,
    delay: systemDelay,
    chance: Math.random,
    log: createLog(deployment),
    measurements: createMeasurements(deployment),
  };
}

/** For whoever brings orders forward and does nothing else. */
export function advancingDeps(links: Links): AdvancingDeps {
  return linkedDeps(links);
}

/** And decides by the region's rights. */
export function decidingDeps(links: Links, reach: Reach = {}): DecidingDeps {
  const deps = linkedDeps(links, { ...reach, tables: ["Control", ...(reach.tables ?? [])] });
  return { ...deps, rights: createSellingRights(deps) };
}

/** And asks other regions, reads orders there, and prices by the views: a checkout. */
export function checkoutDeps(links: Links): SellingDeps {
  return {
    ...decidingDeps(links, { tables: ["Views"], elsewhere: ["Orders"] }),
    peers: createLambdaPeers({ functionNames: linkedPeers(links) }),
  };
}
