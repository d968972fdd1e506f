import { Resource } from "sst";
import { ownItems } from "../aws/linked-tables.ts";
import { beat } from "../control/beat.ts";
import { dispatcherDeps } from "../dispatcher/dispatcher-deps.ts";

const deps = dispatcherDeps(Resource);
const items = ownItems(Resource, deps.deployment, ["Control"]);

/** A beat that could not be written is an error of the function: an alarm counts those. */
export const handler = async () => {
  const beaten = await beat({ ...deps, items });
  if (!beaten.ok) {
    throw new Error(`no heartbeat: ${JSON.stringify(beaten.error)}`);
  }
  return beaten.value;
};
