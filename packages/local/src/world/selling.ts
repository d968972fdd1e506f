import * as z from "zod";
import type { WorldStatus } from "./status.ts";

/** Longer than a region waits for its tables, with a cold start before. */
const answerWithinMs = 5_000;

const readySchema = z.looseObject({ selling: z.string() });

/** Whether a region sells, as its `/ready` says; a region that does not answer, or is not ready, is unknown. */
async function askSelling(api: string): Promise<string> {
  try {
    const response = await fetch(`${api}/ready`, { signal: AbortSignal.timeout(answerWithinMs) });
    const ready = readySchema.safeParse(await response.json());
    return ready.success ? ready.data.selling : "unknown";
  } catch {
    return "unknown"; // cut off, down, or no JSON: the status shows the rest of it
  }
}

/** The status with what each region that is up says of itself, asked all at once. */
export async function withSelling(status: WorldStatus): Promise<WorldStatus> {
  const regions = await Promise.all(
    status.regions.map(async (region) =>
      region.up ? { ...region, selling: await askSelling(region.api) } : region,
    ),
  );
  return { ...status, regions };
}
