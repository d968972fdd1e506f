import { Resource } from "sst";
import { ownItems } from "../../aws/linked-tables.ts";
import { keepControl } from "../../control/keep-control.ts";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";

const deps = dispatcherDeps(Resource);
const items = ownItems(Resource, deps.deployment, ["Control", "Views"]);

export const handler = createDispatcher(deps, { table: "Control", handle: keepControl({ ...deps, items }) });
