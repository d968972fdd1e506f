import { systemClock } from "../platform/clock.ts";
import { type Links, linkedDeployment } from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createMeasurements } from "../platform/measurements.ts";
import type { DispatcherDeps } from "./create-dispatcher.ts";

/** What every dispatcher is wired with. */
export function dispatcherDeps(links: Links): DispatcherDeps {
  const deployment = linkedDeployment(links);
  return {
    deployment,
    clock: systemClock,
    log: createLog(deployment),
    measurements: createMeasurements(deployment),
  };
}
