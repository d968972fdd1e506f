import type { Scheduler } from "../../links/scheduler.ts";
import type { Attempted, Delivery, DeliveryFailure, GivenUp } from "./delivery.ts";

/** How soon a service that was down goes on with what it holds. */
const lookAgainMs = 1_000;

/** More messages than this never wait at one time: the newest are given up, so that memory has an end. */
const waitingMax = 10_000;

export interface Deliveries {
  /** Begins at once, in the background. */
  start(delivery: Delivery): void;
  /** Of a region's services, how many messages have not arrived and are not given up. */
  waiting(region: string): number;
  /** No attempt begins any more. */
  close(): void;
}

export interface DeliveriesOptions {
  readonly scheduler: Scheduler;
  readonly isDown: (region: string) => boolean;
  /** Told of attempts that threw: a bug, after which the message counts as failed. */
  readonly onBug?: (error: unknown) => void;
}

interface Running {
  readonly delivery: Delivery;
  readonly dueMs: number;
  attempts: number;
  /** Of the latest attempt. */
  failure: DeliveryFailure | undefined;
  cancel: () => void;
}

/** Attempts deliveries until they succeed or their policy has an end. */
export function createDeliveries({ scheduler, isDown, onBug }: DeliveriesOptions): Deliveries {
  const running = new Set<Running>();
  let closed = false;

  function giveUp(one: Running, failure: DeliveryFailure, exhausted?: GivenUp["exhausted"]): void {
    running.delete(one);
    const retries = Math.max(0, one.attempts - 1);
    one.delivery.onGivenUp({ failure, retries, ...(exhausted === undefined ? {} : { exhausted }) });
  }

  async function attempt({ delivery }: Running): Promise<Attempted> {
    try {
      return await delivery.attempt();
    } catch (error) {
      onBug?.(error);
      const message = error instanceof Error ? error.message : String(error);
      return { code: "INTERNAL_ERROR", message, retryable: false };
    }
  }

  async function go(one: Running): Promise<void> {
    const { delivery } = one;
    if (closed) return;
    if (isTooOld(one)) {
      giveUp(one, one.failure ?? neverTried(delivery), "MaximumEventAgeInSeconds");
      return;
    }
    if (isDown(delivery.region)) {
      later(one, lookAgainMs);
      return;
    }
    one.attempts += 1;
    one.failure = await attempt(one);
    if (closed) return;
    if (one.failure === undefined) running.delete(one);
    else again(one, one.failure);
  }

  function again(one: Running, failure: DeliveryFailure): void {
    const delayMs = failure.retryable ? one.delivery.retryDelayMs(one.attempts) : undefined;
    if (!failure.retryable) giveUp(one, failure);
    else if (delayMs === undefined) giveUp(one, failure, "MaximumRetryAttempts");
    else if (isTooOld(one, delayMs)) giveUp(one, failure, "MaximumEventAgeInSeconds");
    else later(one, delayMs);
  }

  function later(one: Running, delayMs: number): void {
    one.cancel = scheduler.after(delayMs, () => void go(one));
  }

  function isTooOld({ delivery, dueMs }: Running, inMs = 0): boolean {
    return delivery.ageMaxMs !== undefined && scheduler.now() + inMs - dueMs > delivery.ageMaxMs;
  }

  return {
    start(delivery) {
      if (closed) return;
      const one: Running = {
        delivery,
        dueMs: scheduler.now(),
        attempts: 0,
        failure: undefined,
        cancel: () => {},
      };
      if (running.size >= waitingMax) {
        const message = `${waitingMax} messages wait already`;
        delivery.onGivenUp({ failure: { code: "INTERNAL_ERROR", message, retryable: false }, retries: 0 });
        return;
      }
      running.add(one);
      void go(one);
    },
    waiting: (region) => [...running].filter(({ delivery }) => delivery.region === region).length,
    close() {
      closed = true;
      for (const { cancel } of running) cancel();
      running.clear();
    },
  };
}

function neverTried({ region }: Delivery): DeliveryFailure {
  return { code: "CONNECTION_FAILURE", message: `${region} was down all the time`, retryable: true };
}
