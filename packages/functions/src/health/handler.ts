import { Resource } from "sst";
import { answerEvents } from "../api/answer-events.ts";
import { healthLimits } from "../aws/dynamo-client.ts";
import { ownItems } from "../aws/linked-tables.ts";
import { systemClock, systemDelay } from "../platform/clock.ts";
import { linkedDeployment } from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createMeasurements } from "../platform/measurements.ts";
import { createRandomness } from "../platform/randomness.ts";
import { createHealth } from "./create-health.ts";

const deployment = linkedDeployment(Resource);

const deps = {
  deployment,
  items: ownItems(Resource, deployment, ["Carts", "Catalog", "Control", "Views"], healthLimits),
  clock: systemClock,
  delay: systemDelay,
  randomness: createRandomness(),
  log: createLog(deployment),
  measurements: createMeasurements(deployment),
};

export const handler = answerEvents(createHealth(deps), deps);
