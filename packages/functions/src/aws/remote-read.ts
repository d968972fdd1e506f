import { err, type GlobalTable, type RemoteRead, type Result, type StorageError } from "@antipode/core";
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { peerReadWithinMs } from "../platform/peer-limits.ts";
import { createDynamoClient, peerLimits } from "./dynamo-client.ts";
import { keyAttributes, readImage } from "./images.ts";
import { type PhysicalTable, readPartition } from "./pages.ts";
import { storing } from "./storage-errors.ts";

export interface RemoteReadOptions {
  /** Names of the regions that may be asked. */
  readonly peers: readonly string[];
  /** Physical names, the same in every region. */
  readonly tableNames: Readonly<Partial<Record<GlobalTable, string>>>;
  readonly createClient?: (region: string) => DynamoDBClient;
}

/** Which region it was, for the log. */
function inRegion<T>(region: string, result: Result<T, StorageError>): Result<T, StorageError> {
  return result.ok || result.error.type !== "unavailable"
    ? result
    : err({ ...result.error, reason: `${region}: ${result.error.reason}` });
}

/** One client per peer region, made when first asked: most requests never look beyond their region. */
export function createRemoteRead({
  peers,
  tableNames,
  createClient = (region) => createDynamoClient(region, peerLimits),
}: RemoteReadOptions): RemoteRead {
  const clientByRegion = new Map<string, DynamoDBClient>();

  function clientOf(region: string): DynamoDBClient {
    const client = clientByRegion.get(region) ?? createClient(region);
    clientByRegion.set(region, client);
    return client;
  }

  async function asking<T>(
    operation: string,
    region: string,
    table: GlobalTable,
    read: (table: PhysicalTable) => Promise<Result<T, StorageError>>,
  ): Promise<Result<T, StorageError>> {
    const name = tableNames[table];
    if (name === undefined) {
      throw new Error(`table ${table} is not linked to this function`);
    }
    return peers.includes(region)
      ? inRegion(region, await read({ client: clientOf(region), name }))
      : err({ type: "unavailable", operation, reason: `${region} is not a peer` });
  }

  return {
    get(region, table, key) {
      const operation = `GetItem ${table}`;
      return asking(operation, region, table, async ({ client, name }) => {
        const command = new GetItemCommand({
          TableName: name,
          Key: keyAttributes(key),
          ConsistentRead: true,
        });
        const abortSignal = AbortSignal.timeout(peerReadWithinMs);
        const answer = await storing(operation, () => client.send(command, { abortSignal }));
        return answer.ok ? readImage(answer.value.Item, operation) : answer;
      });
    },
    queryPartition(region, table, pk) {
      const operation = `Query ${table}`;
      return asking(operation, region, table, (physical) =>
        readPartition(physical, operation, pk, peerReadWithinMs),
      );
    },
  };
}
