import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../aws/dynamo-client.ts";
import { createDynamoItems } from "../aws/items.ts";
import { createLambdaPeers } from "../aws/peers.ts";
import { createRemoteRead } from "../aws/remote-read.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { linkedName, linkedPeers } from "../platform/deployment.ts";
import { createReclaim } from "./create-reclaim.ts";

const deps = dispatcherDeps(Resource);
const { deployment } = deps;
const stock = { Stock: linkedName(Resource, "Stock") };

const reclaim = createReclaim({
  ...deps,
  items: createDynamoItems({
    client: createDynamoClient(deployment.region, ownRegionLimits),
    tableNames: {
      ...stock,
      Control: linkedName(Resource, "Control"),
      Orders: linkedName(Resource, "Orders"),
    },
    origin: deployment.origin,
  }),
  remote: createRemoteRead({
    peers: deployment.regions.map(({ name }) => name).filter((name) => name !== deployment.region),
    tableNames: stock,
  }),
  peers: createLambdaPeers({ functionNames: linkedPeers(Resource) }),
});

export const handler = (event: unknown, context: Context) =>
  reclaim(event, () => context.getRemainingTimeInMillis());
