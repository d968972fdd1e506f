import { Resource } from "sst";
import { keepOrders } from "../../orders/keep-orders.ts";
import { sellingDeps } from "../../orders/selling-deps.ts";
import { createDispatcher } from "../create-dispatcher.ts";

const deps = sellingDeps(Resource);

export const handler = createDispatcher(deps, { table: "Orders", handle: keepOrders(deps) });
