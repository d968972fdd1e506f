import { err, type GlobalTable, type RemoteRead } from "@antipode/core";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoClient, peerLimits } from "./dynamo-client.ts";
import { readPartition } from "./read-partition.ts";

export interface RemoteReadOptions {
  /** Names of the regions that may be asked. */
  readonly peers: readonly string[];
  /** Physical names, the same in every region. */
  readonly tableNames: Readonly<Partial<Record<GlobalTable, string>>>;
  readonly createClient?: (region: string) => DynamoDBClient;
}

/** One client per peer region, made when first asked: most requests never look beyond their region. */
export function createRemoteRead({
  peers,
  tableNames,
  createClient = (region) => createDynamoClient(region, peerLimits),
}: RemoteReadOptions): RemoteRead {
  const clientByRegion = new Map<string, DynamoDBClient>();
  return {
    async queryPartition(region, table, pk) {
      const tableName = tableNames[table];
      if (tableName === undefined) {
        throw new Error(`table ${table} is not linked to this function`);
      }
      if (!peers.includes(region)) {
        return err({ type: "unavailable", operation: `Query ${table}`, reason: `${region} is not a peer` });
      }
      const client = clientByRegion.get(region) ?? createClient(region);
      clientByRegion.set(region, client);
      return readPartition(client, tableName, pk);
    },
  };
}
