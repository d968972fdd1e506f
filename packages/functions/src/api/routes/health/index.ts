import {
  defaultVoteSettings,
  drainVoteAnswer,
  err,
  healthAnswer,
  ok,
  type Result,
  rampedAnswer,
} from "@antipode/core";
import { type Selling, sellingOf } from "../../../control/selling-rights.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Outcome } from "../../exchange.ts";
import { openRoute, type Route } from "../../route.ts";
import { drainVotes, health, ramped, ready } from "./contract.ts";
import { createKept, type Kept } from "./kept.ts";
import { createOwnVotes } from "./own-votes.ts";

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

/** What was found out is one function instance's, shared by the paths. */
export function createHealthRoutes(deps: ApiDeps): readonly Route[] {
  const { clock, delay, deployment } = deps;
  const readiness = createKept({ read: () => touchTables(deps), clock, delay });
  const ownVotes = createOwnVotes(deps);
  const answer = (state: Kept<unknown>, more: { readonly selling?: Selling } = {}): Outcome => {
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
    openRoute(health, async () => {
      const [state, votes] = await Promise.all([readiness(healthBoundMs), ownVotes(healthBoundMs)]);
      return healthAnswer(state.ok, votes).health === "drained"
        ? err({ name: "drained", detail: "An operator closed it to shoppers.", retryAfterSeconds: "never" })
        : answer(state);
    }),
    openRoute(ramped, async () => {
      const votes = await ownVotes(healthBoundMs);
      const { status } = rampedAnswer(votes, { nowMs: clock.nowMs(), settings: defaultVoteSettings });
      return status === 200
        ? ok({
            status,
            body: { load: "all" as const, region: deployment.region },
            headers: { "Cache-Control": "no-store" },
          })
        : err({ name: "not-ramped", detail: "It is closed, or has not been back for long." });
    }),
    openRoute(drainVotes, async ({ params }) => {
      const target = deployment.regions.find(({ name }) => name === params.region)?.origin;
      const votes = target === undefined ? undefined : await ownVotes(healthBoundMs);
      const step = { nowMs: clock.nowMs(), settings: defaultVoteSettings };
      const said = target === undefined ? undefined : drainVoteAnswer(votes, target, step);
      return said?.status === 200
        ? ok({
            status: 200,
            body: { vote: said.vote, region: params.region, since: new Date(said.sinceMs).toISOString() },
            headers: { "Cache-Control": "no-store" },
          })
        : err({ name: "no-vote", detail: "It votes against no region of that name." });
    }),
    openRoute(ready, async () => {
      const [state, selling] = await Promise.all([readiness(readyBoundMs), readSelling(deps)]);
      return answer(state, { selling });
    }),
  ];
}
