import * as z from "zod";
import type { DrillContext } from "../drill.ts";
import { askShop } from "../request.ts";
import type { WorldTime } from "./world-time.ts";

/** What shoppers ask for. */
export const shopName = "api.antipode.example";

/** ms of the world: the first rounds, and Route 53's first half minute, in which it knows nothing. */
const openWithinMs = 600_000;
const lookEveryMs = 2_000;

const regionsSchema = z.object({
  regions: z.array(z.object({ state: z.string(), voters: z.array(z.string()) })),
});

/** Waits until every region says that all are open and nobody votes, and Route 53 says so of each. */
export async function awaitOpen({ world, regions }: DrillContext, time: WorldTime): Promise<void> {
  const endMs = time.now() + openWithinMs;
  while (!(await isOpen(world, regions))) {
    if (time.now() > endMs) throw new Error("the regions never came to see one another open");
    await time.sleep(lookEveryMs);
  }
}

async function isOpen(world: DrillContext["world"], regions: readonly string[]): Promise<boolean> {
  if (world.status().regions.some(({ route53 }) => route53 !== "open")) return false;
  const replies = await Promise.all(
    regions.map((region) => askShop(world.api(region), { method: "GET", path: "/v1/regions" })),
  );
  return replies.every((reply) => {
    const body = reply.type === "answer" ? regionsSchema.safeParse(reply.body).data : undefined;
    return body?.regions.every(({ state, voters }) => state === "open" && voters.length === 0) === true;
  });
}
