import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { TableEngine } from "../../../engine/engine.ts";
import { startDynamo } from "../../../testing/start-dynamo.ts";
import { type ConformanceWorld, conformanceRegions, conformanceTables } from "./world.ts";

/** Clients of both services, one a region. */
export function clientsOf(endpoint: string) {
  const options = (region: string) => ({
    region,
    endpoint,
    credentials: { accessKeyId: "CONFORMANCE", secretAccessKey: "none" },
    maxAttempts: 1,
  });
  const tables = new Map(
    conformanceRegions.map((region) => [region as string, new DynamoDBClient(options(region))]),
  );
  const streams = new Map(
    conformanceRegions.map((region) => [region as string, new DynamoDBStreamsClient(options(region))]),
  );
  const of = <T>(clients: ReadonlyMap<string, T>, region: string): T => {
    const client = clients.get(region);
    if (client === undefined) throw new Error(`no client for ${region}`);
    return client;
  };
  return {
    tables: (region: string) => of(tables, region),
    streams: (region: string) => of(streams, region),
    destroy() {
      for (const client of [...tables.values(), ...streams.values()]) client.destroy();
    },
  };
}

/** Our service over an engine. */
export async function startFront(engine: TableEngine): Promise<ConformanceWorld> {
  const running = await startDynamo({ regions: conformanceRegions, tables: conformanceTables, engine });
  const clients = clientsOf(running.endpoint);
  return {
    tables: clients.tables,
    streams: clients.streams,
    async expire(region) {
      await running.service.sweepExpired(region);
    },
    async close() {
      clients.destroy();
      await running.close();
    },
  };
}
