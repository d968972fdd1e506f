import { Resource } from "sst";
import { createDispatcher } from "../create-dispatcher.ts";
import { dispatcherDeps } from "../dispatcher-deps.ts";
import { understandEach } from "../understand.ts";
import { readCartChange } from "./read-cart-change.ts";

export const handler = createDispatcher(dispatcherDeps(Resource), {
  table: "Carts",
  handle: understandEach(readCartChange),
});
