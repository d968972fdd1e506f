import {
  type CommandAction,
  defaultVoteSettings,
  err,
  type Origin,
  ok,
  originRegion,
  planCommand,
  readControlSight,
} from "@antipode/core";
import type { ApiDeps } from "../../deps.ts";
import type { Exchange, Outcome } from "../../exchange.ts";
import { contendedProblem, type Problem, storageProblem } from "../../problems.ts";
import type { CommandBody, RegionParams } from "./contract.ts";
import { readControlItems } from "./read-regions.ts";

/** Tries of one command: another operator takes its number each time. */
const triesMax = 4;

type CommandExchange = Exchange<RegionParams, object, CommandBody> & { readonly operator: string };

/**
 * Takes an operator's word on a region, as the next entry of this region's log. Every region obeys as soon as it has arrived there;
 * of two that contradict one another the later stamp counts, everywhere.
 */
export function handleCommand(action: CommandAction) {
  return async ({ params, body, operator, nowMs }: CommandExchange, deps: ApiDeps): Promise<Outcome> => {
    const { deployment, items, log } = deps;
    const configured: readonly Origin[] = deployment.regions.map(({ origin }) => origin);
    const target = deployment.regions.find(({ name }) => name === params.region)?.origin;
    if (target === undefined) {
      return err({ name: "region-not-found", detail: "GET /v1/regions lists them." });
    }
    for (let tries = 0; tries < triesMax; tries += 1) {
      const read = await readControlItems(deps, configured);
      if (!read.ok) {
        return err(storageProblem(read.error));
      }
      const { commands } = readControlSight(deployment.origin, read.value);
      const { reason, force } = body;
      const step = { configured, commands, target, action, force, who: operator, reason, nowMs };
      const plan = planCommand({ me: deployment.origin, settings: defaultVoteSettings, ...step });
      if (!plan.ok) {
        return err(refusalProblem(plan.error));
      }
      const outcome = await items.put("Control", plan.value.item, plan.value.onlyIf);
      if (!outcome.ok) {
        return err(storageProblem(outcome.error));
      }
      if (outcome.value.type === "written") {
        const { stamp } = plan.value.command;
        log.warn("an operator's word on a region", {
          action,
          of: params.region,
          operator,
          reason,
          force,
        });
        return ok({
          status: 202,
          body: {
            region: params.region,
            action,
            by: operator,
            reason,
            at: new Date(stamp.ms).toISOString(),
          },
          headers: { "Cache-Control": "private, no-store" },
        });
      }
    }
    return err(contendedProblem());
  };
}

function refusalProblem(refusal: (ReturnType<typeof planCommand> & { ok: false })["error"]): Problem {
  return refusal.type === "region-unknown"
    ? { name: "region-not-found", detail: "GET /v1/regions lists them." }
    : {
        name: "too-many-drained",
        detail: "Restore one of these first, or send force if the shop is to run with fewer regions.",
        members: { drained: refusal.drained.map(originRegion) },
      };
}
