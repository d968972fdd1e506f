import { err, ok, type Result } from "@antipode/core";
import { type Selling, sellingOf } from "../../../control/selling-rights.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Outcome } from "../../exchange.ts";
import { openRoute, type Route } from "../../route.ts";
import { health, ready } from "./contract.ts";
import { createReadiness, type Readiness } from "./readiness.ts";

/** Route 53's checker gives an endpoint 4 s to connect and 2 s to answer: a late answer must still be ours. */
const healthBoundMs = 1_000;

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

/**
 * Reads what never exists in each table that shopping and editing need: reading nothing is cheap and proves the way. Of
 * the Catalog the function may read partitions only.
 */
async function touchTables({ items }: ApiDeps): Promise<Result<unknown, string>> {
  const reads = await Promise.all([
    items.get("Views", { pk: "PRODUCT#readiness", sk: "VIEW" }),
    items.get("Carts", { pk: "CART#readiness", sk: "R#readiness" }),
    items.queryPartition("Catalog", "PRODUCT#readiness"),
  ]);
  const failed = reads.find((read) => !read.ok);
  return failed === undefined || failed.ok ? ok(undefined) : err(JSON.stringify(failed.error));
}

/** The readiness is one function instance's, shared by both paths. */
export function createHealthRoutes(deps: ApiDeps): readonly Route[] {
  const readiness = createReadiness({
    check: () => touchTables(deps),
    clock: deps.clock,
    delay: deps.delay,
  });
  const answer = (state: Readiness, more: { readonly selling?: Selling } = {}): Outcome => {
    if (!state.ok) {
      deps.log.warn("not ready", { reason: state.error.reason });
      return err({ name: "not-ready", detail: "The region cannot reach its tables." });
    }
    return ok({
      status: 200,
      body: { status: "ready", region: deps.deployment.region, ...more },
      headers: { "Cache-Control": "no-store" },
    });
  };
  return [
    openRoute(health, async () => answer(await readiness(healthBoundMs))),
    openRoute(ready, async () => {
      const [state, selling] = await Promise.all([readiness(readyBoundMs), readSelling(deps)]);
      return answer(state, { selling });
    }),
  ];
}
