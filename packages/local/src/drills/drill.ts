import type { Random } from "../links/random.ts";
import type { World } from "../world/world.ts";

/** How much a drill does; each drill has its own names for it. */
export type Sizes = Readonly<Record<string, number>>;

export interface DrillSize {
  readonly name: string;
  readonly what: string;
  readonly usual: number;
  readonly min: number;
  /** A bigger run takes minutes on a laptop and proves no more than another seed. */
  readonly max: number;
}

export interface DrillContext {
  readonly world: Pick<
    World,
    "api" | "apply" | "settled" | "run" | "paymentLedger" | "dynamo" | "now" | "status"
  >;
  readonly regions: readonly string[];
  readonly seed: number;
  /** All chance of the plan comes from here. */
  readonly random: Random;
  readonly sizes: Sizes;
  /** An admin's token for the shop. */
  readonly adminToken: () => string;
  readonly say: (line: string) => void;
}

export interface DrillReport {
  /** What `--json` prints; begins with the seed. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** The same for people, as rows of a table. */
  readonly rows: readonly (readonly [what: string, value: string])[];
  /** What was broken on purpose, counted. */
  readonly faults: readonly string[];
  /** One line for each broken promise. */
  readonly broken: readonly string[];
}

export interface Drill {
  readonly name: string;
  readonly summary: string;
  /** What must hold, whatever breaks. */
  readonly promises: readonly string[];
  readonly sizes: readonly DrillSize[];
  /** ms of the machine after which it hangs; ten minutes when left out. */
  readonly maxMs?: (sizes: Sizes) => number;
  /** What the world complains of when this drill breaks it: no broken promises. */
  readonly expected?: readonly RegExp[];
  run(context: DrillContext): Promise<DrillReport>;
}
