import { Resource } from "sst";
import { keepOrders } from "../../orders/keep-orders.ts";
import { advancingDeps } from "../../orders/selling-deps.ts";
import { createDispatcher } from "../create-dispatcher.ts";

const deps = advancingDeps(Resource);

export const handler = createDispatcher(deps, { table: "Orders", handle: keepOrders(deps) });
