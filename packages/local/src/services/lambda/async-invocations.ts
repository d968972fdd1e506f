import type { Scheduler } from "../../links/scheduler.ts";
import { AwsError } from "../service.ts";
import type { InvokeResult } from "./definition.ts";
import type { Lambda } from "./lambda.ts";

/** Lambda runs a failed asynchronous call twice more: after one minute, then after two. */
const retryDelaysMs = [60_000, 120_000] as const;

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
  /** Told of a call that failed for good: it has no caller who would see it. */
  readonly onFailure?: (functionArn: string, outcome: AsyncOutcome) => void;
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
      const receivedAtMs = scheduler.now();
      options.onEvent?.(functionArn, { type: "received" });
      for (let attempts = 0; ; attempts += 1) {
        options.onEvent?.(functionArn, { type: "attempted", ageMs: scheduler.now() - receivedAtMs });
        const outcome = await attempt(functionArn, payload);
        onAttempt?.(outcome);
        if (!hasFailed(outcome) || closed) return outcome;
        const delayMs = retryDelaysMs[attempts];
        if (delayMs === undefined) {
          options.onEvent?.(functionArn, { type: "dropped" });
          options.onFailure?.(functionArn, outcome);
          return outcome;
        }
        await pause(delayMs);
        if (closed) return outcome;
      }
    },
    close() {
      closed = true;
      for (const finish of [...endings]) finish();
    },
  };
}
