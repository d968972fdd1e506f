import type { WorldClock } from "../../links/clock.ts";
import { integerBetween, type Random, randomId } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import { type AsyncInvocations, failureText, hasFailed } from "../lambda/async-invocations.ts";
import type { ScheduleDefinition } from "./definition.ts";
import { scheduledEvent } from "./scheduled-event.ts";

/**
 * EventBridge fires a rate rule within its first period and does not say when. Here that is soon, so that nobody waits
 * for what an environment that has been up for a while would have done; spread out, so that a start is not all at once.
 */
const firstFiringMaxMs = 5_000;

/** Timers of the machine hold 24 days at most: longer waits are made of these. */
const waitMaxMs = 86_400_000;

export interface ScheduleStatus {
  /** Since the start; an attempt that is made again is no firing. */
  readonly fired: number;
  /** By the world's time, ms since 1970; absent when it never will. */
  readonly nextAtMs?: number;
  /** Of the latest attempt, when it failed. */
  readonly lastError?: string;
  /** When that attempt failed, by the world's time. */
  readonly lastErrorAtMs?: number;
}

export interface Schedule {
  readonly definition: ScheduleDefinition;
  status(): ScheduleStatus;
  /** What the function would get if the rule fired now. */
  payload(): string;
  stop(): void;
}

export interface ScheduleOptions {
  readonly asyncInvocations: Pick<AsyncInvocations, "run">;
  readonly isDown: (region: string) => boolean;
  readonly clock: WorldClock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Told of each firing, for whoever measures. */
  readonly onFire?: (definition: ScheduleDefinition) => void;
}

/**
 * Fires a rule from now on. As in AWS each firing is an asynchronous invocation of its own, whether the one before has
 * ended or not. What falls into an outage, or into a sleep of the machine, is not made up for.
 */
export function startSchedule(definition: ScheduleDefinition, options: ScheduleOptions): Schedule {
  const { asyncInvocations, clock, random, scheduler } = options;
  const { region, functionArn, periodMs, ruleArn } = definition;
  let nextAtMs = scheduler.now() + integerBetween(random, 1, Math.min(firstFiringMaxMs, periodMs));
  let fired = 0;
  let failed: Pick<ScheduleStatus, "lastError" | "lastErrorAtMs"> = {};
  let cancel = () => {};

  function payload(): string {
    return (
      definition.input ?? scheduledEvent({ id: randomId(random), ruleArn, region, atMs: clock.now(region) })
    );
  }

  function fire(): void {
    fired += 1;
    options.onFire?.(definition);
    void asyncInvocations.run(functionArn, payload(), (outcome) => {
      failed = hasFailed(outcome) ? { lastError: failureText(outcome), lastErrorAtMs: scheduler.now() } : {};
    });
  }

  function wait(): void {
    const leftMs = Math.max(0, nextAtMs - scheduler.now()); // on a busy machine it may have passed by now
    cancel = scheduler.after(Math.min(leftMs, waitMaxMs), () => {
      const lateMs = scheduler.now() - nextAtMs;
      if (lateMs >= 0) {
        nextAtMs += periodMs * (Math.floor(lateMs / periodMs) + 1);
        if (!options.isDown(region)) fire();
      }
      wait();
    });
  }

  if (definition.enabled) wait();
  return {
    definition,
    status: () => ({
      fired,
      ...(definition.enabled ? { nextAtMs } : {}),
      ...failed,
    }),
    payload,
    stop: () => cancel(),
  };
}
