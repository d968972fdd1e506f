import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../aws/dynamo-client.ts";
import { createDynamoItems } from "../aws/items.ts";
import { createRemoteRead } from "../aws/remote-read.ts";
import { createSellingRights } from "../control/selling-rights.ts";
import { systemClock, systemDelay } from "../platform/clock.ts";
import { linkedDeployment, linkedName, linkedSecret } from "../platform/deployment.ts";
import { leaveAwayPeers } from "../platform/leave-away-peers.ts";
import { createLog } from "../platform/log.ts";
import { createMeasurements } from "../platform/measurements.ts";
import { createRandomness } from "../platform/randomness.ts";
import { createSessions, parseKeySet } from "../platform/sessions.ts";
import { createHandler } from "./create-handler.ts";

const deployment = linkedDeployment(Resource);
const replicated = { Carts: linkedName(Resource, "Carts"), Catalog: linkedName(Resource, "Catalog") };

const items = createDynamoItems({
  client: createDynamoClient(deployment.region, ownRegionLimits),
  tableNames: {
    ...replicated,
    Conflicts: linkedName(Resource, "Conflicts"),
    Control: linkedName(Resource, "Control"),
    Views: linkedName(Resource, "Views"),
  },
  origin: deployment.origin,
});

export const handler = createHandler({
  deployment,
  items,
  rights: createSellingRights({ items, clock: systemClock, deployment }),
  remote: leaveAwayPeers(
    createRemoteRead({
      peers: deployment.regions.map(({ name }) => name).filter((name) => name !== deployment.region),
      tableNames: replicated,
    }),
    systemClock,
  ),
  sessions: createSessions(parseKeySet(linkedSecret(Resource, "SessionKeys"))),
  clock: systemClock,
  randomness: createRandomness(),
  delay: systemDelay,
  log: createLog(deployment),
  measurements: createMeasurements(deployment),
});
