import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../../aws/dynamo-client.ts";
import { createDynamoItems } from "../../aws/items.ts";
import { linkedName } from "../../platform/deployment.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";
import { rebuildViews } from "./rebuild-view.ts";

const deps = dispatcherDeps(Resource);
const items = createDynamoItems({
  client: createDynamoClient(deps.deployment.region, ownRegionLimits),
  tableNames: {
    Catalog: linkedName(Resource, "Catalog"),
    Views: linkedName(Resource, "Views"),
    Conflicts: linkedName(Resource, "Conflicts"),
  },
  origin: deps.deployment.origin,
});

export const handler = createDispatcher(deps, {
  table: "Catalog",
  handle: rebuildViews({ ...deps, items }),
});
