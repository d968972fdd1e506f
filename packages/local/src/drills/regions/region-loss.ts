import { pick } from "../../links/random.ts";
import { backWithinMs, nameTtlMs, shiftWithinMs } from "./bounds.ts";
import { regionDrill } from "./region-drill.ts";
import { calmMs, loseRegion, outOnce } from "./steps.ts";
import { seconds } from "./world-time.ts";

export const regionLoss = regionDrill({
  name: "region-loss",
  summary: "under load a region falls silent at one blow, and comes back after a minute and a half",
  promises: [
    `shoppers near it are served elsewhere within ${seconds(shiftWithinMs)}: three checks of ten seconds, and the name's TTL of ${seconds(nameTtlMs)}`,
    "from then on no request fails, nor when they are led back",
    "what was acknowledged is not lost, and an order that two regions have is found while one of them is away",
    "no other region is drained, nobody else is led away, and the region goes out and comes back once",
    `its shoppers are back within ${seconds(backWithinMs())} of its return`,
  ],
  async play(stage, { random }) {
    const region = pick(random, stage.regions);
    await stage.pass(calmMs);
    await loseRegion(stage, region);
    await stage.pass(calmMs);
    return outOnce(stage, region);
  },
});
