import { pick } from "../../links/random.ts";
import { rampForMs, wholeWithinMs } from "./bounds.ts";
import { isWhole, judgeReturn } from "./judge-return.ts";
import { regionDrill } from "./region-drill.ts";
import { calmMs, loseRegion, outOnce } from "./steps.ts";
import { seconds } from "./world-time.ts";

/** A quarter of the answers (`infra/records.ts`), of some hundred: chance alone leaves these bounds once in ten thousand runs. */
const shareMin = 0.13;
const shareMax = 0.37;
/** With a share only, one answer of four leads back: so many in a row that do are all. */
const wholeForMs = 30_000;
const patience = 1.5;

export const failback = regionDrill({
  name: "failback",
  summary: "a region that was lost comes back: a share of its shoppers first, then all, and nothing swings",
  promises: [
    `for ${seconds(rampForMs)} at least a quarter of the answers near it lead there, and the others where they led before`,
    `all do within ${seconds(wholeWithinMs)}, and none leads away again`,
    "no request fails meanwhile, and nothing that was acknowledged is lost",
  ],
  async play(stage, { random }) {
    const region = pick(random, stage.regions);
    await stage.pass(calmMs);
    await loseRegion(stage, region);
    const isBack = () => isWhole(stage.history(), region, { nowMs: stage.now(), forMs: wholeForMs });
    await stage.until(`all near ${region} are led to it`, isBack, patience * wholeWithinMs);
    await stage.pass(2 * calmMs);
    const verdict = judgeReturn(stage.history(), {
      region,
      shareForMs: rampForMs,
      shareMin,
      shareMax,
      wholeWithinMs,
    });
    return { ...outOnce(stage, region), alsoBroken: verdict.broken };
  },
});
