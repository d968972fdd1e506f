import { Resource } from "sst";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";
import { keyIsEnough, understandEach } from "../understand.ts";

export const handler = createDispatcher(dispatcherDeps(Resource), {
  table: "Stock",
  handle: understandEach(keyIsEnough),
});
