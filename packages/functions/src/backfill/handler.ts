import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { createDynamoClient, ownRegionLimits } from "../aws/dynamo-client.ts";
import { createLambdaClient } from "../aws/invoker.ts";
import { createDynamoItems } from "../aws/items.ts";
import { createStarter } from "../aws/starter.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { linkedName } from "../platform/deployment.ts";
import { createBackfill } from "./create-backfill.ts";

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
const start = createStarter(createLambdaClient(deps.deployment.region));

export const handler = (event: unknown, context: Context) =>
  createBackfill({
    ...deps,
    items,
    delay: (ms) => sleep(ms), // a timer that keeps the process: nothing else may be under way
    startAgain: (payload) => start(context.functionName, payload),
  })(event, () => context.getRemainingTimeInMillis());
