import { describe, expect, test } from "vitest";
import { playStory, storyLength } from "../testing/order-crashes.ts";
import { stories } from "../testing/order-stories.ts";

describe.each(stories.map((story) => [story.name, story] as const))("%s", (_name, story) => {
  test("takes the steps that it should", async () => {
    const { world } = await playStory(story, { afterSteps: 100, answerLost: false });
    expect(story.takes.filter((step) => !world.steps.includes(step))).toEqual([]);
  });

  test.each([false, true])(
    "ends the same whichever step is the last before a crash (its answer lost: %s)",
    async (answerLost) => {
      const length = await storyLength(story);
      expect(length).toBeGreaterThan(2);
      for (let afterSteps = answerLost ? 1 : 0; afterSteps <= length; afterSteps += 1) {
        const { world, order } = await playStory(story, { afterSteps, answerLost });
        const what = { afterSteps, steps: world.steps };
        expect({ ...what, faults: world.faults, state: order?.state }).toEqual({
          ...what,
          faults: [],
          state: story.ends,
        });
        expect({ ...what, pending: order?.pending }).toEqual({ ...what, pending: [] });
      }
    },
  );
});
