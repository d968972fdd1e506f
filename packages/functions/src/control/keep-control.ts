import {
  err,
  type Heartbeat,
  isCounter,
  ok,
  planSeen,
  type Result,
  type StorageError,
  seenKey,
} from "@antipode/core";
import type { HandleGroup } from "../dispatcher/create-dispatcher.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { echo } from "./echo.ts";
import { createLagMeasuring } from "./measure-lag.ts";
import { readControlItem } from "./read-control.ts";

type Deps = Pick<SellingDeps, "items" | "deployment" | "clock" | "log">;

/** Says how far the stream has been read: to the prober's newest round that came by. */
async function saySeen(
  { items, deployment, clock }: Deps,
  round: number,
): Promise<Result<undefined, StorageError>> {
  const outcome = await items.update("Control", seenKey(deployment.origin), planSeen(round, clock.nowMs()));
  return outcome.ok ? ok(undefined) : outcome;
}

/**
 * Answers another region's heartbeat as soon as it arrives: its lease to sell is made of these answers. And writes down that
 * the prober's rounds came by, which shows how far behind the stream is; and how long those of the others took.
 */
export function keepControl(deps: Deps): HandleGroup {
  const measureLag = createLagMeasuring(deps);
  return async (changes) => {
    const beats: Heartbeat[] = [];
    let round = 0;
    for (const { parsed, item } of changes) {
      if (item === undefined) {
        continue;
      }
      if (parsed.writer === deps.deployment.origin && parsed.kind === "VOTES" && isCounter(item["v"])) {
        round = Math.max(round, item["v"]);
      }
      const said = readControlItem(item);
      if (!said.ok) {
        return err({ reason: `${said.error.attribute}: ${said.error.reason}` });
      }
      if (parsed.writer !== deps.deployment.origin && said.value.heartbeat !== undefined) {
        beats.push(said.value.heartbeat);
      }
    }
    const echoed = beats.length === 0 ? ok(undefined) : await echo(deps, beats);
    if (!echoed.ok) {
      return err({ reason: `echo: ${echoed.error.type}`, cause: echoed.error });
    }
    const said = round === 0 ? ok(undefined) : await saySeen(deps, round);
    if (!said.ok) {
      return err({ reason: `seen: ${said.error.type}`, cause: said.error });
    }
    await measureLag(changes);
    return ok(undefined);
  };
}
