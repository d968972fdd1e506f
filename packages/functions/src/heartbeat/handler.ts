import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../aws/dynamo-client.ts";
import { createDynamoItems } from "../aws/items.ts";
import { beat } from "../control/beat.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { linkedName } from "../platform/deployment.ts";

const deps = dispatcherDeps(Resource);
const items = createDynamoItems({
  client: createDynamoClient(deps.deployment.region, ownRegionLimits),
  tableNames: { Control: linkedName(Resource, "Control") },
  origin: deps.deployment.origin,
});

/** A beat that could not be written is an error of the function: an alarm counts those. */
export const handler = async () => {
  const beaten = await beat({ ...deps, items });
  if (!beaten.ok) {
    throw new Error(`no heartbeat: ${JSON.stringify(beaten.error)}`);
  }
  return beaten.value;
};
