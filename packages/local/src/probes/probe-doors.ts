import type { Links } from "../links/links.ts";
import { createDoor, type Door } from "../payments/door.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";

/** The handler that looks at other regions from outside. */
const proberHandler = "packages/functions/src/prober/handler.handler";

export interface ProbeDoors {
  /** The same functions; a prober is told where it finds the other regions. */
  withDoors(functions: readonly FunctionDefinition[]): FunctionDefinition[];
  close(): Promise<void>;
}

export interface ProbeDoorsOptions {
  readonly regions: readonly string[];
  readonly links: Links;
  /** A region's API, once there is one. */
  readonly api: (region: string) => string;
  readonly warn: (line: string) => void;
}

export const looksAtRegions = ({ sourceHandler }: FunctionDefinition) => sourceHandler === proberHandler;

/**
 * For each region a door to every other one's API: the names that a prober asks by are in no DNS that it reaches, and what it asks
 * crosses links as everything does.
 */
export async function createProbeDoors({
  regions,
  links,
  api,
  warn,
}: ProbeDoorsOptions): Promise<ProbeDoors> {
  const doors: Door[] = [];
  const close = async () => {
    await Promise.all(doors.map((door) => door.close()));
  };
  const urlsByRegion: Record<string, Record<string, string>> = {};
  try {
    for (const from of regions) {
      const urls: Record<string, string> = {};
      for (const to of regions.filter((region) => region !== from)) {
        const onBug = (error: unknown) => warn(`probes: ${String(error)}`);
        const door = await createDoor({ from, to, links, target: () => api(to), onBug });
        doors.push(door);
        urls[to] = door.url;
      }
      urlsByRegion[from] = urls;
    }
  } catch (error) {
    await close();
    throw error;
  }
  const withDoors = (definition: FunctionDefinition): FunctionDefinition =>
    looksAtRegions(definition)
      ? {
          ...definition,
          environment: {
            ...definition.environment,
            REGION_URLS: JSON.stringify(urlsByRegion[definition.region] ?? {}),
          },
        }
      : definition;
  return { withDoors: (functions) => functions.map(withDoors), close };
}
