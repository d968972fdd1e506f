import { err, type FailoverTask, type Origin, ok, type Randomness, taskOf } from "@antipode/core";
import { createHearDrain } from "../../failover/hear-drain.ts";
import { createHearNews, type HearNewsDeps } from "../../failover/hear-news.ts";
import type { RunDeps } from "../../failover/run.ts";
import type { TellFunctions } from "../../prober/tell-functions.ts";
import { topicEvent } from "../alarm-events.ts";
import { createInvocations } from "./invocations.ts";

/** What an invocation of the functions reaches outside. */
export type Outside = (
  task: FailoverTask,
  delay: (ms: number) => Promise<void>,
) => Pick<RunDeps, "planes" | "announce" | "look">;

export interface RunFunctionsOptions extends HearNewsDeps {
  readonly configured: readonly Origin[];
  readonly outside: Outside;
  readonly randomness: Randomness;
  readonly worldNowMs: () => number;
  readonly doesTopicRefuse: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

/** As infra gives Failover and Recovery. */
const timeoutMs = 240_000;

/** Failover and Recovery of one region, and the topics by which its prober tells them. */
export function createRunFunctions(options: RunFunctionsOptions) {
  const { configured, outside, chance, worldNowMs, doesTopicRefuse, onFailure } = options;
  const invocations = createInvocations({ nowMs: worldNowMs, timeoutMs, onFailure });
  let topic: { readonly body: string; readonly task: FailoverTask; readonly dueMs: number }[] = [];

  const tell: TellFunctions = async (_kind, news) => {
    const task = taskOf(news, configured);
    if (doesTopicRefuse() || task === undefined) {
      return err("the topic does not answer");
    }
    const times = chance() < 0.2 ? 2 : 1; // SNS may deliver twice
    for (let time = 0; time < times; time += 1) {
      topic.push({ body: JSON.stringify(news), task, dueMs: worldNowMs() + chance() * 3_000 });
    }
    return ok(undefined);
  };

  return {
    tell,

    /** What is due is heard, and what waits goes on. */
    async wake(): Promise<void> {
      await invocations.wake();
      const due = topic.filter(({ dueMs }) => dueMs <= worldNowMs());
      if (due.length > 0) {
        topic = topic.filter(({ dueMs }) => dueMs > worldNowMs());
      }
      for (const { body, task } of due) {
        await invocations.start(({ delay, timeLeftMs }) => {
          const hearDrain = createHearDrain({ ...options, delay, ...outside(task, delay) });
          return createHearNews(options, hearDrain(timeLeftMs))(topicEvent(body));
        });
      }
    },

    /** The function crashes: its runs end where they are. */
    crash: invocations.drop,

    /** The region is lost, with what its topic has not delivered. */
    drop(): void {
      invocations.drop();
      topic = [];
    },
  };
}
