import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../../aws/dynamo-client.ts";
import { createDynamoItems } from "../../aws/items.ts";
import { keepControl } from "../../control/keep-control.ts";
import { linkedName } from "../../platform/deployment.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";

const deps = dispatcherDeps(Resource);
const items = createDynamoItems({
  client: createDynamoClient(deps.deployment.region, ownRegionLimits),
  tableNames: { Control: linkedName(Resource, "Control") },
  origin: deps.deployment.origin,
});

export const handler = createDispatcher(deps, { table: "Control", handle: keepControl({ ...deps, items }) });
