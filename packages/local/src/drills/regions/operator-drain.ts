import { pick } from "../../links/random.ts";
import { askShop } from "../request.ts";
import { backWithinMs, drainShiftWithinMs } from "./bounds.ts";
import { regionDrill } from "./region-drill.ts";
import { calmMs, othersThan, outOnce, untilBack, untilShifted } from "./steps.ts";
import { seconds } from "./world-time.ts";

/** Work on the region takes that long. */
const workMs = 30_000;

export const operatorDrain = regionDrill({
  name: "operator-drain",
  summary: "an operator closes a region by a word to another one, works on it, and opens it again",
  promises: [
    "no request fails, not one, and nothing that was acknowledged is lost",
    `shoppers near it are served elsewhere within ${seconds(drainShiftWithinMs)} of the word`,
    `they are back within ${seconds(drainShiftWithinMs)} of the other one`,
    "no other region is closed, and nobody else is led away",
  ],
  async play(stage, { random, world, adminToken }) {
    const region = pick(random, stage.regions);
    const via = pick(random, othersThan(stage, region));
    const say = async (word: "drain" | "restore") => {
      const reply = await askShop(world.api(via), {
        method: "POST",
        path: `/v1/regions/${region}/${word}`,
        headers: { authorization: `Bearer ${adminToken()}` },
        body: { reason: "a drill" },
      });
      if (reply.type !== "answer" || reply.status !== 202) throw new Error(`${via} took no ${word}`);
    };
    await stage.pass(calmMs);
    await say("drain");
    stage.act(`${via} was told to drain ${region}`, { type: "broken", region });
    await untilShifted(stage, region, drainShiftWithinMs);
    await stage.pass(workMs);
    await say("restore");
    stage.act(`${via} was told to restore ${region}`, { type: "mended", region });
    await untilBack(stage, region, backWithinMs());
    await stage.pass(calmMs);
    return {
      ...outOnce(stage, region),
      shiftWithinMs: drainShiftWithinMs,
      recoverWithinMs: drainShiftWithinMs,
      failedMax: 0,
    };
  },
});
