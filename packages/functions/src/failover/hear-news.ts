import type { Measurements } from "../platform/measurements.ts";
import { type News, readNews } from "./alarm-news.ts";
import { type HearAlarmDeps, hearAlarm } from "./hear-alarm.ts";

export interface HearNewsDeps extends HearAlarmDeps {
  readonly measurements: Measurements;
}

type Outcome = Awaited<ReturnType<typeof hearOne>>;

/** What became of an invocation's news, by outcome. */
export type NewsHeard = Readonly<Partial<Record<Outcome, number>>>;

/** Messages in JSON that no alarm has sent. Rejects for what another try may do better. */
export type HearMessage = (body: unknown) => Promise<void>;

async function hearOne(deps: HearNewsDeps, hearMessage: HearMessage, news: News) {
  switch (news.type) {
    case "alarm": {
      const heard = await hearAlarm(deps, news.change);
      if (!heard.ok) {
        deps.log.error("an alarm was not heard", { alarm: news.change.alarmName, cause: heard.error });
      }
      return heard.ok ? heard.value : "failed";
    }
    case "message": {
      try {
        await hearMessage(news.body);
        return "message";
      } catch (error) {
        deps.log.error("a message was not heard", { error });
        return "failed";
      }
    }
    case "not-understood": {
      deps.log.error("news that is not understood", { reason: news.reason }); // nor would it be the next time
      return "not-understood";
    }
  }
}

/**
 * Hears whatever SNS and EventBridge tell. News that fails makes the invocation fail, when all of it was tried: Lambda
 * repeats it, and what was heard already is known then.
 */
export function createHearNews(deps: HearNewsDeps, hearMessage: HearMessage) {
  return async (event: unknown): Promise<NewsHeard> => {
    const counts: Partial<Record<Outcome, number>> = {};
    for (const news of readNews(event)) {
      const outcome = await hearOne(deps, hearMessage, news);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    for (const [outcome, count] of Object.entries(counts)) {
      deps.measurements.record("AlarmsHeard", [count], { outcome });
    }
    if (counts.failed !== undefined) {
      throw new Error(`news that was not heard: ${counts.failed}`);
    }
    return counts;
  };
}
