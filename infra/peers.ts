/**
 * How regions ask each other for what only one of them can do, and read what replication has not brought yet. A
 * function's name is known before its stage is deployed, so that no region waits for another's deployment; IAM says who
 * may call, and no public path leads there.
 */
import { leadingKeys } from "./function.ts";
import { accountId, environmentName, regionName, stage } from "./stage.ts";

const peers = stage.regions.map((region) => region.name).filter((name) => name !== stage.region);

export const peerLink = new sst.Linkable("Peers", {
  properties: { functions: Object.fromEntries(peers.map((peer) => [peer, regionName(peer, "Peer")])) },
});

/** The right to ask every peer: Checkout's, and Reclaim's. */
export const askPeers =
  peers.length === 0
    ? []
    : [
        {
          actions: ["lambda:InvokeFunction"],
          resources: peers.map(
            (peer) => $interpolate`arn:aws:lambda:${peer}:${accountId}:function:${regionName(peer, "Peer")}`,
          ),
        },
      ];

/**
 * The right to read a table where its items were written. Replicas have the same name in every region, and their keys
 * can be used through DynamoDB by the whole account (keys.ts).
 */
export const readAtPeers = (name: string, actions: string[], prefix: string) =>
  peers.length === 0
    ? []
    : [
        {
          actions,
          resources: peers.map(
            (peer) => $interpolate`arn:aws:dynamodb:${peer}:${accountId}:table/${environmentName(name)}`,
          ),
          conditions: leadingKeys(prefix),
        },
      ];
