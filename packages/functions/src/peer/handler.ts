import { Resource } from "sst";
import { decidingDeps } from "../orders/selling-deps.ts";
import { createPeer } from "./create-peer.ts";

export const handler = createPeer(decidingDeps(Resource));
