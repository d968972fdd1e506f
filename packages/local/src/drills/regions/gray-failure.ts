import type { Fault } from "../../faults/fault.ts";
import { pick } from "../../links/random.ts";
import { grayBackWithinMs, grayShiftWithinMs } from "./bounds.ts";
import { regionDrill } from "./region-drill.ts";
import type { Stage } from "./stage.ts";
import { calmMs, outOnce, untilBack, untilShifted } from "./steps.ts";
import { seconds } from "./world-time.ts";

interface Grayness {
  readonly what: string;
  readonly begin: Fault;
  readonly end: Fault;
  /** Shoppers who come beside the usual ones: an alarm says nothing of fewer than fifty requests a minute. */
  readonly more: number;
}

const errors = (region: string): Grayness => ({
  what: "fails a fifth of what shoppers ask",
  begin: { type: "fail", region, service: "api", share: 0.2 },
  end: { type: "fail", region, service: "api", share: 0 },
  more: 2,
});

/** Who waits five seconds for each answer asks little: it takes more of them. */
const slowness = (region: string): Grayness => ({
  what: "takes five seconds for each answer",
  begin: { type: "slow", region, service: "api", ms: 5_000 },
  end: { type: "slow", region, service: "api", ms: 0 },
  more: 16,
});

/** They come two at a time, every three seconds: all at once they would find functions that are all about to start. */
async function bringMore(stage: Stage, region: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 2) {
    stage.bring(region, Math.min(2, left));
    await stage.pass(3_000);
  }
}

export const grayFailure = regionDrill({
  name: "gray-failure",
  summary:
    "a region fails a fifth of its shoppers' requests, or takes five seconds for each, and says that it is well",
  promises: [
    `by its alarms all others come to vote against it, and shoppers are served elsewhere within ${seconds(grayShiftWithinMs)}`,
    "from then on no request fails; nothing that was acknowledged is lost",
    "no other region is drained, and nobody else is led away",
    `once it is well they are back within ${seconds(grayBackWithinMs)}`,
  ],
  async play(stage, { random }) {
    const region = pick(random, stage.regions);
    const gray = pick(random, [errors, slowness])(region);
    await stage.pass(calmMs);
    stage.act(`${region} ${gray.what}`, { type: "broken", region }, gray.begin);
    await bringMore(stage, region, gray.more);
    await untilShifted(stage, region, grayShiftWithinMs);
    await stage.pass(calmMs);
    stage.act(`${region} is well again`, { type: "mended", region }, gray.end);
    await untilBack(stage, region, grayBackWithinMs);
    await stage.pass(calmMs);
    return {
      ...outOnce(stage, region),
      shiftWithinMs: grayShiftWithinMs,
      recoverWithinMs: grayBackWithinMs,
    };
  },
});
