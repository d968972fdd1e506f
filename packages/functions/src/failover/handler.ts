import type { Context } from "aws-lambda";
import { Resource } from "sst";
import { failoverDeps } from "./failover-deps.ts";
import { createHearDrain } from "./hear-drain.ts";
import { createHearNews } from "./hear-news.ts";

const deps = failoverDeps(Resource);
const hearDrain = createHearDrain(deps);

export const handler = (event: unknown, context: Context) =>
  createHearNews(
    deps,
    hearDrain(() => context.getRemainingTimeInMillis()),
  )(event);
