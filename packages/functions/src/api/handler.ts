import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../aws/dynamo-client.ts";
import { createDynamoItems } from "../aws/items.ts";
import { systemClock, systemDelay } from "../platform/clock.ts";
import { linkedDeployment, linkedName, linkedSecret } from "../platform/deployment.ts";
import { createLog } from "../platform/log.ts";
import { createRandomness } from "../platform/randomness.ts";
import { createSessions, parseKeySet } from "../platform/sessions.ts";
import { createHandler } from "./create-handler.ts";

const deployment = linkedDeployment(Resource);

export const handler = createHandler({
  deployment,
  items: createDynamoItems({
    client: createDynamoClient(deployment.region, ownRegionLimits),
    tableNames: { Carts: linkedName(Resource, "Carts"), Views: linkedName(Resource, "Views") },
    origin: deployment.origin,
  }),
  sessions: createSessions(parseKeySet(linkedSecret(Resource, "SessionKeys"))),
  clock: systemClock,
  randomness: createRandomness(),
  delay: systemDelay,
  log: createLog(deployment),
});
