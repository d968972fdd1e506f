import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { linkedTellFunctions } from "../aws/control-planes.ts";
import { ownItems } from "../aws/linked-tables.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { regionUrls } from "../platform/region-urls.ts";
import { createProber } from "./create-prober.ts";
import { createLookAt } from "./look-at.ts";

const deps = dispatcherDeps(Resource);

const probe = createProber({
  ...deps,
  items: ownItems(Resource, deps.deployment, ["Control"]),
  lookAt: createLookAt({ urlOf: regionUrls(deps.deployment), fetch, nowMs: deps.clock.nowMs }),
  tell: linkedTellFunctions(Resource, deps.deployment),
  delay,
});

export const handler = (_event: unknown, context: Context) => probe(() => context.getRemainingTimeInMillis());
