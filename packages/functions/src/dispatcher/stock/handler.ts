import { Resource } from "sst";
import { ownItems } from "../../aws/linked-tables.ts";
import { createSellingRights } from "../../control/selling-rights.ts";
import { keepStock } from "../../stock/keep-stock.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";

const deps = dispatcherDeps(Resource);
const items = ownItems(Resource, deps.deployment, ["Control", "Stock", "Views"]);

export const handler = createDispatcher(deps, {
  table: "Stock",
  handle: keepStock({ ...deps, items, rights: createSellingRights({ ...deps, items }) }),
});
