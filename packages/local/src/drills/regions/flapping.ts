import { defaultVoteSettings, holdMsOf } from "@antipode/core";
import { pick } from "../../links/random.ts";
import { backWithinMs, shiftWithinMs } from "./bounds.ts";
import { regionDrill } from "./region-drill.ts";
import { calmMs, othersThan, outOnce, untilBack, untilShifted } from "./steps.ts";
import { seconds } from "./world-time.ts";

/** Down so long, up so long: never well for the minute that ends a vote. */
const waveMs = 40_000;
const waves = 5;
/** Once it has come back it fails for so long again. */
const secondLossMs = 60_000;
const secondHoldMs = holdMsOf(2, defaultVoteSettings);

export const flapping = regionDrill({
  name: "flapping",
  summary: "a region falls and rises every forty seconds for minutes, comes back, and falls once more",
  promises: [
    `shoppers near it are served elsewhere within ${seconds(shiftWithinMs)} of its first fall, and stay there while it is never well for a minute`,
    `they are back within ${seconds(backWithinMs())} of its last rise`,
    `the next time it stays out for ${seconds(secondHoldMs)} at least, though it is well again after a minute`,
    "all other regions stay open, and nothing that was acknowledged is lost",
  ],
  async play(stage, { random }) {
    const region = pick(random, stage.regions);
    const fall = (note: string, mark?: { readonly type: "broken"; readonly region: string }) =>
      stage.act(note, mark, { type: "down", region });
    await stage.pass(calmMs);
    fall(`${region} falls`, { type: "broken", region });
    const keptFromMs = stage.now() + shiftWithinMs;
    await stage.pass(waveMs);
    for (let wave = 1; wave < waves; wave += 1) {
      stage.act(`${region} rises`, undefined, { type: "up", region });
      await stage.pass(waveMs);
      fall(`${region} falls`);
      await stage.pass(waveMs);
    }
    await stage.lookForOrders(othersThan(stage, region));
    await untilShifted(stage, region, 0);
    const keptToMs = stage.now();
    stage.act(`${region} rises and stays`, { type: "mended", region }, { type: "up", region });
    await untilBack(stage, region);
    await stage.pass(2 * calmMs); // so long that the next time is another one
    const againMs = stage.now();
    fall(`${region} falls once more`, { type: "broken", region });
    await stage.pass(secondLossMs);
    stage.act(`${region} rises`, undefined, { type: "up", region });
    await stage.pass(againMs + secondHoldMs - stage.now());
    const holdEndMs = stage.now();
    const isBack = () =>
      stage
        .history()
        .names.some(({ near, to, atMs }) => near === region && to === region && atMs >= holdEndMs);
    await stage.until(`shoppers near ${region} are back again`, isBack, backWithinMs(2));
    await stage.pass(calmMs);
    return {
      ...outOnce(stage, region),
      drainsMax: { [region]: 2 },
      awaysMax: { [region]: 2 },
      keptAway: [
        { near: region, fromMs: keptFromMs, toMs: keptToMs, while: "it was never well for a minute" },
        {
          near: region,
          fromMs: againMs + shiftWithinMs,
          toMs: holdEndMs,
          while: "the second vote against it had to stand",
        },
      ],
    };
  },
});
