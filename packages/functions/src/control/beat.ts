import {
  defaultLeaseSettings,
  echoedBeat,
  err,
  heartbeatKey,
  type Origin,
  ok,
  planBeat,
  type Result,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { echo } from "./echo.ts";
import { type ControlError, readControl } from "./read-control.ts";
import { rightsOf } from "./selling-rights.ts";

type Deps = Pick<SellingDeps, "items" | "deployment" | "clock" | "log" | "measurements">;

export interface Beaten {
  readonly beat: number;
  /** Seconds that this region may go on selling without hearing from others; 0 when it may not. */
  readonly leaseRemainingSeconds: number;
}

/**
 * Says that this region lives, and that it has heard the others: what their streams brought and their dispatchers answered
 * since. Repeated, it is another beat.
 */
export async function beat(deps: Deps): Promise<Result<Beaten, ControlError>> {
  const { items, deployment, clock, measurements, log } = deps;
  const me: Origin = deployment.origin;
  const configured = deployment.regions.map(({ origin }) => origin);
  const controls = await readControl(deps, configured);
  if (!controls.ok) {
    return controls;
  }
  const nowMs = clock.nowMs();
  const rights = rightsOf(controls.value, { deployment, nowMs });
  const leaseRemainingSeconds = rights.leaseRunning
    ? Math.max(0, Math.floor(((rights.leaseUntilMs ?? nowMs) - nowMs) / 1000))
    : 0;
  measurements.record("LeaseRemaining", [leaseRemainingSeconds]);
  const own = controls.value.find(({ origin }) => origin === me)?.heartbeat;
  const echoes = controls.value.flatMap((control) => (control.echoes === undefined ? [] : [control.echoes]));
  const echoed = echoedBeat({ own, echoes, configured });
  const update = planBeat(own, { echoed, nowMs, settings: defaultLeaseSettings });
  const outcome = await items.update("Control", heartbeatKey(me), update);
  if (!outcome.ok) {
    return outcome;
  }
  if (outcome.value.type === "refused") {
    log.info("another instance has made this beat", { beat: (own?.beat ?? 0) + 1 });
  }
  const heard = controls.value.flatMap(({ heartbeat }) => (heartbeat === undefined ? [] : [heartbeat]));
  const answered = await echo(deps, heard);
  return answered.ok ? ok({ beat: (own?.beat ?? 0) + 1, leaseRemainingSeconds }) : err(answered.error);
}
