import { defaultVoteSettings, drainVoteAnswer, err, healthAnswer, ok, rampedAnswer } from "@antipode/core";
import type { Answer } from "../api/exchange.ts";
import { publicRoute, type Route } from "../api/route.ts";
import { createKept } from "../platform/kept.ts";
import { drainVotes, health, ramped } from "./contract.ts";
import type { HealthDeps } from "./deps.ts";
import { createOwnVotes } from "./own-votes.ts";
import { touchTables } from "./touch-tables.ts";

/** Route 53's checker gives an endpoint 4 s to connect and 2 s to answer: a late answer must still be ours. */
const boundMs = 1_000;

const uncached = (body: unknown): Answer => ({ status: 200, body, headers: { "Cache-Control": "no-store" } });

/** What was found out is one function instance's, shared by the paths. */
export function healthRoutes(deps: HealthDeps): readonly Route<HealthDeps>[] {
  const { clock, delay, deployment, log } = deps;
  const { region } = deployment;
  // A table that is busy is there. An overload is for votes to judge, which leave enough regions open; Route 53 does not.
  const readiness = createKept({
    read: () => touchTables(deps, ({ type }) => type !== "throttled"),
    clock,
    delay,
  });
  const ownVotes = createOwnVotes(deps);
  const step = () => ({ nowMs: clock.nowMs(), settings: defaultVoteSettings });

  function notReady(reason: string, detail: string) {
    log.warn("not ready", { reason });
    return err({ name: "not-ready", detail } as const);
  }

  return [
    publicRoute(health, async () => {
      const [state, { votes, isUnsure }] = await Promise.all([readiness(boundMs), ownVotes(boundMs)]);
      if (healthAnswer(state.ok, votes).health === "drained") {
        return err({
          name: "drained",
          detail: "An operator closed it to shoppers.",
          retryAfterSeconds: "never",
        });
      }
      if (!state.ok) {
        return notReady(state.error.reason, "The region cannot reach its tables.");
      }
      return isUnsure
        ? notReady(
            "nothing was read of Control yet",
            "Whether an operator closed the region is not known yet.",
          )
        : ok(uncached({ status: "ready", region }));
    }),
    publicRoute(ramped, async () => {
      const { votes } = await ownVotes(boundMs);
      return rampedAnswer(votes, step()).status === 200
        ? ok(uncached({ load: "all", region }))
        : err({ name: "not-ramped", detail: "It is closed, or has not been back for long." });
    }),
    publicRoute(drainVotes, async ({ params }) => {
      const target = deployment.regions.find(({ name }) => name === params.region)?.origin;
      const votes = target === undefined ? undefined : (await ownVotes(boundMs)).votes;
      const said = target === undefined ? undefined : drainVoteAnswer(votes, target, step());
      return said?.status === 200
        ? ok(
            uncached({ vote: said.vote, region: params.region, since: new Date(said.sinceMs).toISOString() }),
          )
        : err({ name: "no-vote", detail: "It votes against no region of that name." });
    }),
  ];
}
