import { Resource } from "sst";
import { ownItems } from "../aws/linked-tables.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";
import { createHearNews, ignoreMessages } from "./hear-news.ts";

const deps = dispatcherDeps(Resource);

export const handler = createHearNews(
  { ...deps, items: ownItems(Resource, deps.deployment, ["Control"]) },
  ignoreMessages(deps),
);
