import { orderOf } from "./order-data.ts";
import { runOrder } from "./order-executor.ts";
import { judgeInstant, judgeOrdersEnd } from "./order-judges.ts";
import { createOrderWorld, lostAnswer } from "./order-scene.ts";
import { type Story, wholeRun } from "./order-stories.ts";
import { quiesce } from "./order-world.ts";

/** How the instance ends that works on the story: after so many steps, or with the answer to one of them lost. */
export interface Crash {
  readonly afterSteps: number;
  /** The last step takes effect, and its answer is lost: the instance goes on, and knows nothing. */
  readonly answerLost: boolean;
}

/** Steps that a whole run of the story takes. */
export async function storyLength(story: Story): Promise<number> {
  const { world, first } = await begin(story);
  await runOrder(world, first, orderOf(0), wholeRun);
  return world.steps.length;
}

async function begin(story: Story) {
  const world = await createOrderWorld({ ...story, skewsMs: [0, 500, -500] });
  const [first, second] = [world.regions.region(0), world.regions.region(1)];
  await story.before(world, first, second);
  world.steps.length = 0;
  return { world, first, second };
}

/** The story with a crash, and then repair alone. The world's faults say how it differs from what should be. */
export async function playStory(story: Story, crash: Crash) {
  const { world, first } = await begin(story);
  if (crash.answerLost) {
    await runOrder(world, first, orderOf(0), crash.afterSteps - 1);
    world.provider.loseNextAnswer();
    first.items.failNext("TransactWriteItems", lostAnswer, { after: true });
    await runOrder(world, first, orderOf(0), 1);
    world.provider.loseNextAnswer(false);
  } else {
    await runOrder(world, first, orderOf(0), crash.afterSteps);
  }
  judgeInstant(world);
  world.nowMs += 60_000;
  await quiesce(world);
  const ends = judgeOrdersEnd(world);
  return { world, order: ends.get(orderOf(0)) };
}
