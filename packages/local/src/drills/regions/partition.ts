import { pick } from "../../links/random.ts";
import { shuffled } from "../route.ts";
import { backWithinMs, voteShiftWithinMs } from "./bounds.ts";
import { regionDrill } from "./region-drill.ts";
import { between, calmMs, heal, othersThan, outOnce, untilBack, untilShifted } from "./steps.ts";
import { seconds } from "./world-time.ts";

/** Three times what votes need, were they enough. */
const halvesMs = 120_000;
/** Long enough to see what old votes do when the halves hear one another again. */
const wholeMs = 60_000;

/** The one against three comes first: votes that halves leave behind would stand twice as long, and so would the drill. */
export const partition = regionDrill({
  name: "partition",
  summary:
    "one region is cut off from the three others and comes back; then the regions lose each other in halves",
  promises: [
    `the one that is cut off is drained, though it answers shoppers, and they are served elsewhere within ${seconds(voteShiftWithinMs)}`,
    `it comes back once it has caught up, within ${seconds(backWithinMs())} of the mending`,
    "while the regions are in halves nobody is drained and nobody is led away, nor when they hear one another again",
    "nothing that was acknowledged on either side is lost, and nothing is sold twice",
  ],
  async play(stage, { random }) {
    const region = pick(random, stage.regions);
    const others = othersThan(stage, region);
    await stage.pass(calmMs);
    stage.act(
      `${region} is cut off from the others`,
      { type: "broken", region },
      ...between([region], others, "cut"),
    );
    await untilShifted(stage, region, voteShiftWithinMs);
    await stage.pass(calmMs);
    stage.act(`${region} hears the others again`, { type: "mended", region }, ...heal([region], others));
    await untilBack(stage, region);
    await stage.pass(calmMs);
    const sides = shuffled(random, stage.regions);
    const [ones, rest] = [sides.slice(0, 2), sides.slice(2)];
    stage.act(
      `${ones.join(" and ")} lose ${rest.join(" and ")}`,
      { type: "halves" },
      ...between(ones, rest, "cut"),
    );
    await stage.pass(halvesMs);
    stage.act("the halves hear one another again", { type: "whole" }, ...heal(ones, rest));
    await stage.pass(wholeMs);
    return { ...outOnce(stage, region), shiftWithinMs: voteShiftWithinMs };
  },
});
