import { AwsError } from "../service.ts";
import type { InvokeResult } from "./definition.ts";
import type { Instance, InstanceCall } from "./instance.ts";
import { InstanceKilledError } from "./instance.ts";

/** Calls that may wait for an instance. Beyond it the function is throttled, as Lambda's concurrency does. */
const waitingMax = 1_000;
/** Each instance holds some 30 MB: after a burst all but one are let go. */
const idleMsDefault = 60_000;

export interface PoolStats {
  readonly coldStarts: number;
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
  /** Instances alive now. */
  readonly instances: number;
  readonly waiting: number;
}

export interface Pool {
  /**
   * Runs a call on an idle instance, or on a new one, or as soon as one is free. Rejects with `AwsError` when the
   * call did not reach the function: throttled, stopped meanwhile, or no longer wanted when its turn came. Lambda has
   * no such queue; without that, callers who gave up would hold up those who wait.
   */
  invoke(call: InstanceCall, isWanted?: () => boolean): Promise<InvokeResult>;
  /** Starts one instance ahead of the first call. */
  warm(): Promise<void>;
  /** Stops every instance and refuses what waits. The pool can be used again afterwards. */
  stop(): Promise<void>;
  stats(): PoolStats;
}

/** What became of a call, for whoever measures. */
export type PoolEvent =
  /** `concurrent` counts the calls that ran when this one began, itself included. */
  | {
      readonly type: "ran";
      readonly durationMs: number;
      readonly failed: boolean;
      readonly concurrent: number;
    }
  | { readonly type: "throttled" };

export interface PoolOptions {
  readonly instancesMax: number;
  readonly createInstance: () => Instance;
  /** How long an instance beyond the last may idle. */
  readonly idleMs?: number;
  readonly onEvent?: (event: PoolEvent) => void;
  /** ms, for durations; the machine's when left out. */
  readonly now?: () => number;
}

interface Waiting {
  readonly call: InstanceCall;
  readonly isWanted: () => boolean;
  resolve(result: InvokeResult): void;
  reject(error: Error): void;
}

/** The instances of one function in one region, started as calls need them. */
export function createPool(options: PoolOptions): Pool {
  const busy = new Set<Instance>();
  const idle: { readonly instance: Instance; readonly timer: NodeJS.Timeout }[] = [];
  const waiting: Waiting[] = [];
  const now = options.now ?? (() => performance.now());
  const counts = { coldStarts: 0, invocations: 0, errors: 0, throttles: 0 };

  function start(): Instance {
    counts.coldStarts += 1;
    return options.createInstance();
  }

  function takeInstance(): Instance | undefined {
    for (;;) {
      // The last one used is the warmest; instances that died while idle are left behind.
      const last = idle.pop();
      if (last === undefined) return busy.size < options.instancesMax ? start() : undefined;
      clearTimeout(last.timer);
      if (last.instance.isUsable()) return last.instance;
    }
  }

  function rest(instance: Instance): void {
    const timer = setTimeout(() => {
      const index = idle.findIndex((one) => one.instance === instance);
      if (index < 0 || idle.length + busy.size === 1) return;
      idle.splice(index, 1);
      void instance.stop();
    }, options.idleMs ?? idleMsDefault);
    timer.unref();
    idle.push({ instance, timer });
  }

  async function run({ call, resolve, reject }: Waiting, instance: Instance): Promise<void> {
    busy.add(instance);
    counts.invocations += 1;
    const concurrent = busy.size;
    try {
      await instance.started; // an instance that failed to start answers the call with its error
      const startMs = now();
      const result = await instance.invoke(call);
      const failed = result.functionError !== undefined;
      if (failed) counts.errors += 1;
      options.onEvent?.({ type: "ran", durationMs: Math.max(0, now() - startMs), failed, concurrent });
      resolve(result);
    } catch (error) {
      reject(error instanceof InstanceKilledError ? stoppedError() : asError(error));
    } finally {
      busy.delete(instance);
      if (instance.isUsable()) rest(instance);
      serveWaiting();
    }
  }

  function serveWaiting(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (!next.isWanted()) {
        next.reject(new AwsError("ServiceException", "The caller is gone.", 500));
        waiting.shift();
        continue;
      }
      try {
        const instance = takeInstance();
        if (instance === undefined) return;
        void run(next, instance);
      } catch (error) {
        next.reject(asError(error)); // the thread could not be made: a setting that Node refuses
      }
      waiting.shift();
    }
  }

  return {
    invoke(call, isWanted = () => true) {
      if (waiting.length >= waitingMax) {
        counts.throttles += 1;
        options.onEvent?.({ type: "throttled" });
        return Promise.reject(new AwsError("TooManyRequestsException", "Rate Exceeded.", 429));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ call, isWanted, resolve, reject });
        serveWaiting();
      });
    },
    async warm() {
      if (busy.size + idle.length > 0) return;
      const instance = start();
      rest(instance);
      await instance.started;
    },
    async stop() {
      for (const { reject } of waiting.splice(0)) reject(stoppedError());
      const resting = idle.splice(0).map(({ instance, timer }) => {
        clearTimeout(timer);
        return instance;
      });
      await Promise.all([...busy, ...resting].map((instance) => instance.stop()));
    },
    stats: () => ({
      ...counts,
      instances: busy.size + idle.filter(({ instance }) => instance.isUsable()).length,
      waiting: waiting.length,
    }),
  };
}

function stoppedError(): AwsError {
  return new AwsError("ServiceException", "The function's region is down.", 500);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
