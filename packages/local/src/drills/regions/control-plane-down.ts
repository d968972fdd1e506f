import type { Fault } from "../../faults/fault.ts";
import { pick } from "../../links/random.ts";
import { backWithinMs, shiftWithinMs } from "./bounds.ts";
import { judgeFailovers } from "./judge-failovers.ts";
import { regionDrill } from "./region-drill.ts";
import { calmMs, othersThan, outOnce, untilBack, untilShifted } from "./steps.ts";
import { watchFailovers } from "./watch-failovers.ts";
import { seconds } from "./world-time.ts";

/** Where the control planes of Route 53 and CloudFront are, and with them that region's SNS. */
const controlRegion = "us-east-1";
const services = ["route53", "cloudfront", "sns"];

/** ms in which some region has tried and written down that it could not: the first in line, or the next two in its place. */
const pendingWithinMs = 420_000;

const refuse = (share: number): readonly Fault[] =>
  services.map((service) => ({ type: "fail", region: controlRegion, service, share }));

export const controlPlaneDown = regionDrill({
  name: "control-plane-down",
  summary: "a region is lost while Route 53, CloudFront and SNS refuse every call in us-east-1",
  promises: [
    `shoppers move all the same, within ${seconds(shiftWithinMs)}: nothing that moves them is a call`,
    "what regions do about the drain is pending, and none says that it is completed, until the control planes are back",
    `shoppers are back within ${seconds(backWithinMs())} of the region's return; nothing that was acknowledged is lost`,
  ],
  // An alarm's message that SNS does not take is lost, and the world says so.
  expected: [/ told nobody: .*made to fail by a fault/],
  async play(stage, { random, world }) {
    const region = pick(random, stage.regions);
    const failovers = watchFailovers(world.dynamo, stage.now);
    await stage.pass(calmMs);
    stage.act(`Route 53, CloudFront and SNS refuse every call in ${controlRegion}`, undefined, ...refuse(1));
    const refusedMs = stage.now();
    stage.act(`${region} falls silent`, { type: "broken", region }, { type: "down", region });
    await untilShifted(stage, region, shiftWithinMs);
    await stage.until(
      "a region has written down that its failover is pending",
      () => failovers.seen.some(({ outcome }) => outcome === "pending"),
      pendingWithinMs,
    );
    await stage.lookForOrders(othersThan(stage, region));
    const takenMs = stage.now();
    stage.act("the control planes take calls again", undefined, ...refuse(0));
    stage.act(`${region} is there again`, { type: "mended", region }, { type: "up", region });
    await untilBack(stage, region);
    await stage.pass(calmMs);
    failovers.stop();
    return {
      ...outOnce(stage, region),
      alsoBroken: judgeFailovers(failovers.seen, { fromMs: refusedMs, toMs: takenMs }),
    };
  },
});
