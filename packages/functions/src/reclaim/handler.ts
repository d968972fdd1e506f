import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { ownItems, tablesElsewhere } from "../aws/linked-tables.ts";
import { createLambdaPeers } from "../aws/peers.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { linkedPeers } from "../platform/deployment.ts";
import { createReclaim } from "./create-reclaim.ts";

const deps = dispatcherDeps(Resource);
const { deployment } = deps;

const reclaim = createReclaim({
  ...deps,
  items: ownItems(Resource, deployment, ["Control", "Orders", "Stock"]),
  remote: tablesElsewhere(Resource, deployment, ["Stock"]),
  peers: createLambdaPeers({ functionNames: linkedPeers(Resource) }),
});

export const handler = (event: unknown, context: Context) =>
  reclaim(event, () => context.getRemainingTimeInMillis());
