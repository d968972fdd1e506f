import type { Links } from "../links/links.ts";
import { outside } from "../links/region-lag.ts";
import { createDoor } from "../payments/door.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";

/** Handlers that look at regions from outside. */
const handlers: readonly string[] = ["prober", "failover", "recovery"].map(
  (name) => `packages/functions/src/${name}/handler.handler`,
);

export interface ProbeDoors {
  /** The same functions; those that look are told where they find the regions, and who knows names. */
  withDoors(functions: readonly FunctionDefinition[]): FunctionDefinition[];
  close(): Promise<void>;
}

/** A name server, and what ends it. */
export interface NameServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface ProbeDoorsOptions {
  readonly regions: readonly string[];
  readonly links: Links;
  /** A region's API, once there is one. */
  readonly api: (region: string) => string;
  /** Where the CDN answers whoever is near that region, once it does; left out where there is none. */
  readonly edge?: ((near: string) => string | undefined) | undefined;
  /** Opens a name server for whoever is near that region; left out where there are no names. */
  readonly openNameServer?: ((near: string) => Promise<NameServer>) | undefined;
  readonly warn: (line: string) => void;
}

export const looksAtRegions = ({ sourceHandler }: FunctionDefinition) => handlers.includes(sourceHandler);

/**
 * For each region a door to every one's API, its own too, and to the CDN near it: the names that its functions ask by are in no DNS that they reach,
 * and what they ask crosses links as everything does. Names they ask of a server that takes them for clients near that region.
 */
export async function createProbeDoors(options: ProbeDoorsOptions): Promise<ProbeDoors> {
  const { regions, links, api, edge, openNameServer, warn } = options;
  const onBug = (error: unknown) => warn(`probes: ${String(error)}`);
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(opened.map((one) => one.close()));
  };
  const environments = new Map<string, Readonly<Record<string, string>>>();
  try {
    for (const from of regions) {
      const urls: Record<string, string> = {};
      for (const to of regions) {
        const door = await createDoor({ from, to, links, target: () => api(to), onBug });
        opened.push(door);
        urls[to] = door.url;
      }
      const edgeDoor =
        edge && (await createDoor({ from, to: outside, links, target: () => edge(from) ?? "", onBug }));
      if (edgeDoor !== undefined) opened.push(edgeDoor);
      const nameServer = await openNameServer?.(from);
      if (nameServer !== undefined) opened.push(nameServer);
      environments.set(from, {
        REGION_URLS: JSON.stringify(urls),
        ...(edgeDoor === undefined ? {} : { EDGE_URL: edgeDoor.url }),
        ...(nameServer === undefined ? {} : { NAME_SERVERS: `127.0.0.1:${nameServer.port}` }),
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const withDoors = (definition: FunctionDefinition): FunctionDefinition => {
    const found = looksAtRegions(definition) ? environments.get(definition.region) : undefined;
    return found === undefined
      ? definition
      : { ...definition, environment: { ...definition.environment, ...found } };
  };
  return { withDoors: (functions) => functions.map(withDoors), close };
}
