import type { Graph } from "../graph/schema.ts";
import type { NamePorts } from "./names.ts";
import type { RegionPorts } from "./regions.ts";
import type { EngineName } from "./services.ts";
import type { World } from "./world.ts";

export interface WorldOptions {
  /** Every stage of one environment, home first. */
  readonly graphs: readonly Graph[];
  readonly root: string;
  readonly workDir: string;
  /** Where what functions write is kept, a file for each in a folder for each region; in `workDir` when left out. */
  readonly logsDir?: string;
  readonly engine: EngineName;
  readonly seed: number;
  /** Units of each SKU that are in stock from the start; none without. */
  readonly stockUnits?: number;
  /** Fixed ports by region; free ones where left out. */
  readonly ports?: Readonly<Record<string, RegionPorts>>;
  /** Where the payment sandbox answers; a free port where left out. */
  readonly paymentPort?: number;
  /** Where the CDN answers near each region; free ones where left out. */
  readonly edgePorts?: Readonly<Record<string, number>>;
  /** Where name servers answer, and what names lead to; free ports where left out. */
  readonly namePorts?: NamePorts;
  /** How much faster the world's time passes than the machine's; as fast when left out. */
  readonly timeScale?: number;
  /**
   * What is done first, by its API, when all regions answer: nothing happens by itself until it is done. No checker looks
   * and no schedule fires.
   */
  readonly prepare?: (doors: Pick<World, "api" | "edge">) => Promise<void>;
  /** Whether functions are called that a deployment calls once; not unless it is said. */
  readonly invocations?: boolean;
  /** The payment sandbox's file; the repository's own when left out. */
  readonly paymentSandbox?: string;
  /** How many products the catalog has; as many as the seed gives when left out. */
  readonly products?: number;
  /** Regions whose views are left empty, as of one that joins when the streams have forgotten the catalog. */
  readonly withoutViews?: readonly string[];
  readonly say?: (line: string) => void;
  /** Told of refused requests and of the world's own bugs. */
  readonly warn?: (line: string) => void;
}
