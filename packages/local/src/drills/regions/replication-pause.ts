import { pick } from "../../links/random.ts";
import { backWithinMs, freeWithinMs, shiftWithinMs } from "./bounds.ts";
import { regionDrill } from "./region-drill.ts";
import { between, calmMs, othersThan, outOnce, untilBack, untilShifted } from "./steps.ts";
import { seconds } from "./world-time.ts";

export const replicationPause = regionDrill({
  name: "replication-pause",
  summary:
    "a region that was lost answers again, and what was written meanwhile does not reach it for minutes",
  promises: [
    `shoppers near it are served elsewhere within ${seconds(shiftWithinMs)}`,
    "nobody is led back while it has not caught up, however well it answers",
    `shoppers are back within ${seconds(backWithinMs())} of when replication goes on`,
    "nothing that was acknowledged is lost",
  ],
  async play(stage, { random }) {
    const region = pick(random, stage.regions);
    const others = othersThan(stage, region);
    await stage.pass(calmMs);
    stage.act(`${region} falls silent`, { type: "broken", region }, { type: "down", region });
    await untilShifted(stage, region, shiftWithinMs);
    await stage.lookForOrders(others);
    stage.act(
      `${region} answers again, and replicates with nobody`,
      undefined,
      ...between([region], others, "pause"),
      { type: "up", region },
    );
    const fromMs = stage.now();
    await stage.pass(freeWithinMs());
    const toMs = stage.now();
    stage.act(
      `${region} replicates again`,
      { type: "mended", region },
      ...between([region], others, "resume"),
    );
    await untilBack(stage, region);
    await stage.pass(calmMs);
    const keptAway = [{ near: region, fromMs, toMs, while: "it had not caught up" }];
    return { ...outOnce(stage, region), keptAway };
  },
});
