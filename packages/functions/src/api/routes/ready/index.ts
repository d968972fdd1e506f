import { err, ok } from "@antipode/core";
import { type Selling, sellingOf } from "../../../control/selling-rights.ts";
import { touchTables } from "../../../health/touch-tables.ts";
import { createKept } from "../../../platform/kept.ts";
import type { ApiDeps } from "../../deps.ts";
import { openRoute, type Route } from "../../route.ts";
import { ready } from "./contract.ts";

/** A probe wants to know whether the tables answer at all. */
const readyBoundMs = 3_000;

/** Whether a region sells decides nothing here, so no probe waits for it as long as for what does. */
const sellingBoundMs = 1_000;

/** As a checkout would see it, and no later than the bound. Rights are kept for a while, as they are there. */
async function readSelling({ rights, deployment, delay, log }: ApiDeps): Promise<Selling> {
  const read = rights().then(
    (known) => {
      if (!known.ok) {
        log.warn("whether the region sells is not known", { cause: known.error });
      }
      return known.ok ? sellingOf(known.value, deployment.origin) : "unknown";
    },
    (error: unknown) => {
      log.error("whether the region sells is not known", { cause: String(error) });
      return "unknown" as const;
    },
  );
  return Promise.race([read, delay(sellingBoundMs).then(() => "unknown" as const)]);
}

/** What other regions' probers ask. It is the shop's function that answers: one that is overloaded or broken should look so. */
export function createReadyRoutes(deps: ApiDeps): readonly Route[] {
  const { clock, delay, deployment, log } = deps;
  const readiness = createKept({ read: () => touchTables(deps, () => true), clock, delay });
  return [
    openRoute(ready, async () => {
      const [state, selling] = await Promise.all([readiness(readyBoundMs), readSelling(deps)]);
      if (!state.ok) {
        log.warn("not ready", { reason: state.error.reason });
        return err({ name: "not-ready", detail: "The region cannot reach its tables." });
      }
      return ok({
        status: 200,
        body: { status: "ready", region: deployment.region, selling },
        headers: { "Cache-Control": "no-store" },
      });
    }),
  ];
}
