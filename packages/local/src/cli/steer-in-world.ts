/** `npm run world -- drain|restore A`: an operator's word on a region of the running world, by its own API. */
import * as z from "zod";
import type { Ask } from "./ask-world.ts";
import { exitCodes } from "./exit-codes.ts";
import { readSteering, type Steering } from "./regions/region-words.ts";
import { type SteeringDeps, steerRegion } from "./regions/steer-region.ts";
import type { Said } from "./said.ts";

export type SteeringPorts = Pick<SteeringDeps, "fetch" | "nowMs" | "delay" | "progress">;

const statusSchema = z.object({ regions: z.array(z.object({ region: z.string(), api: z.string() })) });
const tokenSchema = z.object({ token: z.string() });

export async function steerInWorld(
  action: Steering,
  words: readonly string[],
  {
    regions,
    ask,
    shop,
  }: { readonly regions: readonly string[]; readonly ask: Ask; readonly shop: SteeringPorts },
): Promise<Said> {
  const read = readSteering(action, words, regions);
  if (!read.ok) return { exitCode: exitCodes.usage, error: read.error };
  const status = await ask("/status");
  if (!status.ok) return { exitCode: exitCodes.failed, error: status.error.text };
  const token = await ask("/token", { name: "operator" });
  if (!token.ok) return { exitCode: exitCodes.failed, error: token.error.text };
  const shopRegions = statusSchema
    .parse(status.value)
    .regions.map(({ region, api }) => ({ name: region, url: api }));
  return steerRegion(read.value, {
    ...shop,
    regions: shopRegions,
    token: tokenSchema.parse(token.value).token,
  });
}
