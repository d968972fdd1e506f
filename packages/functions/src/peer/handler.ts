import { Resource } from "sst";
import { sellingDeps } from "../orders/selling-deps.ts";
import { createPeer } from "./create-peer.ts";

export const handler = createPeer(sellingDeps(Resource));
