import type { GlobalTable, Items, RemoteRead, Table } from "@antipode/core";
import { type Deployment, type Links, linkedName } from "../platform/deployment.ts";
import { type CallLimits, createDynamoClient, ownRegionLimits } from "./dynamo-client.ts";
import { createDynamoItems } from "./items.ts";
import { createRemoteRead } from "./remote-read.ts";

/** Throws for a table that is not linked: the function must not start without it. */
function namesOf(links: Links, tables: readonly Table[]): Readonly<Partial<Record<Table, string>>> {
  return Object.fromEntries(tables.map((table) => [table, linkedName(links, table)]));
}

/** The own region's tables that a function is linked to. */
export function ownItems(
  links: Links,
  { region, origin }: Pick<Deployment, "region" | "origin">,
  tables: readonly Table[],
  limits: CallLimits = ownRegionLimits,
): Items {
  return createDynamoItems({
    client: createDynamoClient(region, limits),
    tableNames: namesOf(links, tables),
    origin,
  });
}

/** The same tables in the other regions, which have the same names there. */
export function tablesElsewhere(
  links: Links,
  { region, regions }: Pick<Deployment, "region" | "regions">,
  tables: readonly GlobalTable[],
): RemoteRead {
  return createRemoteRead({
    peers: regions.map(({ name }) => name).filter((name) => name !== region),
    tableNames: namesOf(links, tables),
  });
}
