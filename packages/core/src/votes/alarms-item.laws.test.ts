import fc from "fast-check";
import { expect, test } from "vitest";
import { type Alarm, type AlarmNews, itemToAlarms, planAlarm } from "./alarms-item.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import { ap, eu, us } from "./testing/vote-data.ts";

/** A few alarms that change at a few moments: many pieces of news meet. */
const anyNews: fc.Arbitrary<AlarmNews> = fc.record({
  of: fc.constantFrom(us, eu, ap),
  name: fc.constantFrom("ApiErrors", "a|b"),
  state: fc.constantFrom("alarm" as const, "missing" as const, "ok" as const),
  changedAtMs: fc.integer({ min: 1, max: 6 }),
});

/** All that is known after these were heard, one a second. */
function heard(all: readonly AlarmNews[]): readonly Alarm[] {
  let alarms: readonly Alarm[] = [];
  let counter: number | undefined;
  for (const [at, news] of all.entries()) {
    const plan = planAlarm(us, alarms, news, { counter, nowMs: 1_000 * at, settings });
    const read = plan === undefined ? undefined : itemToAlarms(plan.item);
    if (read?.ok === true) {
      ({ alarms, counter } = read.value);
    }
  }
  return alarms;
}

const said = (alarms: readonly Alarm[]) =>
  new Set(alarms.map(({ of, name, state, changedAtMs }) => [of, name, state, changedAtMs].join()));

test("whatever order news come in, and however often, the same stands at the end", () => {
  fc.assert(
    fc.property(
      fc
        .array(anyNews, { minLength: 1, maxLength: 12 })
        .chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
        ),
      ([all, shuffled]) => {
        expect(said(heard(shuffled))).toEqual(said(heard(all)));
      },
    ),
  );
});

test("what stands is the newest that was heard of each alarm, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(anyNews, { maxLength: 12 }), (all) => {
      const known = heard(all);
      for (const { of, name, changedAtMs } of known) {
        const times = all
          .filter((news) => news.of === of && news.name === name)
          .map((one) => one.changedAtMs);
        expect(changedAtMs).toBe(Math.max(...times));
      }
      expect(known).toHaveLength(new Set(all.map(({ of, name }) => `${of} ${name}`)).size);
    }),
  );
});
