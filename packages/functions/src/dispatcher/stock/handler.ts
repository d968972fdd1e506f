import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../../aws/dynamo-client.ts";
import { createDynamoItems } from "../../aws/items.ts";
import { createSellingRights } from "../../control/selling-rights.ts";
import { linkedName } from "../../platform/deployment.ts";
import { keepStock } from "../../stock/keep-stock.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";

const deps = dispatcherDeps(Resource);
const items = createDynamoItems({
  client: createDynamoClient(deps.deployment.region, ownRegionLimits),
  tableNames: {
    Control: linkedName(Resource, "Control"),
    Stock: linkedName(Resource, "Stock"),
    Views: linkedName(Resource, "Views"),
  },
  origin: deps.deployment.origin,
});

export const handler = createDispatcher(deps, {
  table: "Stock",
  handle: keepStock({ ...deps, items, rights: createSellingRights({ ...deps, items }) }),
});
