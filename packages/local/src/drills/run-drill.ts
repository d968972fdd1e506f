import { createRandom } from "../links/random.ts";
import { type TemporaryWorld, worldRegions } from "../world/temporary-world.ts";
import type { Drill, DrillReport, Sizes } from "./drill.ts";

export interface DrillRun {
  readonly world: TemporaryWorld;
  readonly seed: number;
  readonly sizes: Sizes;
  readonly say: (line: string) => void;
}

/** A drill that takes this long hangs, if it does not say otherwise: the longest ends within half of it on a slow laptop. */
const usualMaxMs = 600_000;

/** Runs a drill on a world that is up. What the world itself complained of is a broken promise too. */
export async function runDrill(drill: Drill, { world, seed, sizes, say }: DrillRun): Promise<DrillReport> {
  let timer: NodeJS.Timeout | undefined;
  const maxMs = drill.maxMs?.(sizes) ?? usualMaxMs;
  const overrun = new Promise<never>((_, reject) => {
    const text = `${drill.name} did not end in ${Math.round(maxMs / 1000)} s`;
    timer = setTimeout(() => reject(new Error(text)), maxMs);
  });
  const adminToken = () => {
    const signed = world.adminToken({ name: "drill" });
    if (!signed.ok) throw new Error(`no admin token: ${signed.error.type}`);
    return signed.value;
  };
  try {
    const report = await Promise.race([
      drill.run({
        world,
        regions: worldRegions,
        seed,
        random: createRandom(`${drill.name} ${seed}`),
        sizes,
        adminToken,
        say,
      }),
      overrun,
    ]);
    const isExpected = (line: string) => drill.expected?.some((words) => words.test(line)) === true;
    const complaints = world.warnings.filter((line) => !isExpected(line));
    return {
      ...report,
      broken: [...report.broken, ...complaints.map((line) => `inside the world: ${line}`)],
    };
  } finally {
    clearTimeout(timer);
  }
}
