import { subnetNear } from "../../world/client-places.ts";
import { cartOf } from "../checkout/order-ids.ts";
import type { Drill, DrillContext, DrillReport } from "../drill.ts";
import { askName } from "./ask-name.ts";
import { awaitOpen, shopName } from "./await-open.ts";
import { startCrowd } from "./crowd.ts";
import type { Mark, RegionsHistory, SentRequest } from "./history.ts";
import { judgeRegions, type RegionPromises } from "./judge-regions.ts";
import { judgeShopping } from "./judge-shopping.ts";
import { closeMall, missedOrders, openMall } from "./mall.ts";
import { createNarrator } from "./narrator.ts";
import { startObserver } from "./observer.ts";
import { reportRegions } from "./report.ts";
import { createStage, type Stage } from "./stage.ts";
import { createWorldTime } from "./world-time.ts";

/** What happens in a drill of regions, and what must hold then. */
export interface RegionScript {
  readonly name: string;
  readonly summary: string;
  readonly promises: readonly string[];
  readonly expected?: Drill["expected"];
  /** Breaks and mends, and says what is promised of that. */
  play(stage: Stage, context: DrillContext): Promise<RegionPromises>;
}

/** Fast enough to be waited for; at 4 two cores are busy, and a table that answers in 250 ms counts as gone. */
const usualTimeScale = 3;

/** ms of the world in which the longest script has surely ended, and ms of the machine for what comes before and after. */
const scriptMaxMs = 1_800_000;
const aroundMaxMs = 300_000;

export const regionDrill = (script: RegionScript): Drill => ({
  name: script.name,
  summary: script.summary,
  promises: script.promises,
  ...(script.expected !== undefined && { expected: script.expected }),
  sizes: [
    { name: "shoppers", what: "shoppers near each region", usual: 2, min: 1, max: 20 },
    {
      name: "time-scale",
      what: "how much faster the world's time passes than the machine's",
      usual: usualTimeScale,
      min: 1,
      max: 10,
    },
  ],
  maxMs: (sizes) => scriptMaxMs / (sizes["time-scale"] ?? usualTimeScale) + aroundMaxMs,
  run: (context) => run(script, context),
});

async function run(script: RegionScript, context: DrillContext): Promise<DrillReport> {
  const { world, regions, sizes, seed, say } = context;
  const { timeScale, names } = world.status();
  if (names === undefined) throw new Error("this world has no names");
  const time = createWorldTime(world.now, timeScale);
  let stopped = false;
  const mall = await openMall(context, { time, isStopped: () => stopped });
  say("waiting until every region sees all others open");
  await awaitOpen(context, time);

  const question = (near: string) => ({
    port: names.dnsPort,
    name: shopName,
    subnet: subnetNear(regions, near),
  });
  const narrator = createNarrator({ regions, startMs: time.now(), say });
  const marks: Mark[] = [];
  const requests: SentRequest[] = [];
  const onSight = () => narrator.follow(history());
  const observer = startObserver({ regions, api: world.api, time, question, onSight });
  const { names: sights, looks } = observer;
  const history = (): RegionsHistory => ({ regions, marks, requests, names: sights, looks });
  const crowd = startCrowd(mall, {
    seed: `${script.name} ${seed}`,
    ask: (near) => askName(question(near)),
    record: (request) => requests.push(request),
  });
  for (const near of regions) crowd.bring(near, sizes["shoppers"] ?? 1);
  const missed: string[] = [];
  const note = (line: string) => narrator.note(time.now(), line);
  const lookForOrders = async (others: readonly string[]) => {
    missed.push(...(await missedOrders(mall, others)));
  };
  const { bring } = crowd;
  const stage = createStage({ context, time, history, marks, note, bring, lookForOrders });
  const promises = await script.play(stage, context);
  stopped = true;
  await crowd.gone();
  await observer.stop();
  note("shoppers have gone; all that they did is looked up in every region");
  const shopped = await closeMall(context, mall, missed);
  return reportRegions({
    context,
    timeScale,
    history: history(),
    verdict: judgeRegions(history(), promises),
    shopping: judgeShopping(shopped.history, cartOf),
    open: shopped.open,
    notes: narrator.notes(),
  });
}
