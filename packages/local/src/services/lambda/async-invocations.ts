import type { Scheduler } from "../../links/scheduler.ts";
import { AwsError } from "../service.ts";
import type { InvokeResult } from "./definition.ts";
import type { Lambda } from "./lambda.ts";

/** Lambda runs a call that the function failed twice more: after one minute, then after two. */
const retryDelaysMs = [60_000, 120_000] as const;

/** A call that did not reach the function goes back to the queue, for one second first, for five minutes at most. */
const returnMs = 1_000;
const returnMaxMs = 300_000;

/** What is repeated so: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const returnedCodes: readonly string[] = ["ServiceException", "TooManyRequestsException"];

export interface AsyncSettings {
  /** Attempts beyond the first that the function may fail: 2 at most. */
  readonly retriesMax: number;
  /** No attempt begins later than this after the call. */
  readonly ageMaxMs: number;
  /** The queue or topic that hears of calls that failed for good. */
  readonly failureDestination?: string;
}

const defaultSettings: AsyncSettings = { retriesMax: retryDelaysMs.length, ageMaxMs: 21_600_000 };

/** A call that failed for good. */
export interface FailedCall {
  readonly functionArn: string;
  readonly payload: string;
  readonly outcome: AsyncOutcome;
  readonly attempts: number;
  readonly condition: "RetriesExhausted" | "EventAgeExceeded";
  readonly destination?: string;
}

/** What an attempt came to: the function's own answer or error, or that the call did not reach it. */
export type AsyncOutcome = InvokeResult | AwsError;

export interface AsyncInvocations {
  /**
   * Runs a function without anybody waiting, with Lambda's retries. Resolves after the last attempt, with its outcome;
   * `onAttempt` hears of each.
   */
  run(
    functionArn: string,
    payload: string,
    onAttempt?: (outcome: AsyncOutcome) => void,
  ): Promise<AsyncOutcome>;
  /** No attempt begins any more. */
  close(): void;
}

/** What became of an asynchronous call, for whoever measures; `ageMs` is how long it had waited for an attempt. */
export type AsyncEvent =
  | { readonly type: "received" }
  | { readonly type: "attempted"; readonly ageMs: number }
  | { readonly type: "dropped" };

export interface AsyncInvocationsOptions {
  readonly lambda: Pick<Lambda, "invoke">;
  readonly scheduler: Scheduler;
  /** Of a function that has its own; Lambda's defaults otherwise. */
  readonly settings?: (functionArn: string) => AsyncSettings | undefined;
  /** Told of a call that failed for good: it has no caller who would see it. */
  readonly onFailure?: (call: FailedCall) => void;
  readonly onEvent?: (functionArn: string, event: AsyncEvent) => void;
}

export function hasFailed(outcome: AsyncOutcome): boolean {
  return outcome instanceof AwsError || outcome.functionError !== undefined;
}

/** Why it failed, in the service's or the function's words. */
export function failureText(outcome: AsyncOutcome): string {
  return outcome instanceof AwsError ? outcome.message : outcome.payload;
}

export function createAsyncInvocations(options: AsyncInvocationsOptions): AsyncInvocations {
  const { lambda, scheduler } = options;
  const endings = new Set<() => void>();
  let closed = false;

  /** Resolves after the delay, or at once when no attempt may begin any more. */
  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        endings.delete(finish);
        resolve();
      };
      const cancel = scheduler.after(delayMs, finish);
      endings.add(finish);
    });
  }

  async function attempt(functionArn: string, payload: string): Promise<AsyncOutcome> {
    return lambda.invoke(functionArn, payload).catch((error: unknown) => {
      if (error instanceof AwsError) return error;
      throw error;
    });
  }

  return {
    async run(functionArn, payload, onAttempt) {
      const settings = options.settings?.(functionArn) ?? defaultSettings;
      const receivedAtMs = scheduler.now();
      const tries = { attempts: 0, returns: 0 };
      options.onEvent?.(functionArn, { type: "received" });
      for (;;) {
        const ageMs = scheduler.now() - receivedAtMs;
        options.onEvent?.(functionArn, { type: "attempted", ageMs });
        const outcome = await attempt(functionArn, payload);
        onAttempt?.(outcome);
        if (!hasFailed(outcome) || closed) return outcome;
        const next = nextAttempt(outcome, tries, settings, scheduler.now() - receivedAtMs);
        if ("condition" in next) {
          const { failureDestination: destination } = settings;
          options.onEvent?.(functionArn, { type: "dropped" });
          options.onFailure?.({
            functionArn,
            payload,
            outcome,
            attempts: tries.attempts,
            condition: next.condition,
            ...(destination === undefined ? {} : { destination }),
          });
          return outcome;
        }
        await pause(next.delayMs);
        if (closed) return outcome;
      }
    },
    close() {
      closed = true;
      for (const finish of [...endings]) finish();
    },
  };
}

interface Tries {
  /** That the function failed. */
  attempts: number;
  /** That did not reach it, since it was last reached. */
  returns: number;
}

/** When a failed call is made again, or why it is not. */
function nextAttempt(
  outcome: AsyncOutcome,
  tries: Tries,
  { retriesMax, ageMaxMs }: AsyncSettings,
  ageMs: number,
): { readonly delayMs: number } | { readonly condition: FailedCall["condition"] } {
  const isReturned = outcome instanceof AwsError && returnedCodes.includes(outcome.code);
  let delayMs: number | undefined;
  if (isReturned) {
    delayMs = Math.min(returnMaxMs, returnMs * 2 ** tries.returns);
    tries.returns += 1;
  } else {
    delayMs = tries.attempts < retriesMax ? retryDelaysMs[tries.attempts] : undefined;
    tries.attempts += 1;
    tries.returns = 0;
  }
  if (delayMs === undefined) return { condition: "RetriesExhausted" };
  return ageMs + delayMs > ageMaxMs ? { condition: "EventAgeExceeded" } : { delayMs };
}
