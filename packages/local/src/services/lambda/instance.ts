import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import type { Scheduler } from "../../links/scheduler.ts";
import type { FunctionError, InvokeResult, LogEntry } from "./definition.ts";
import type { ClockReading, WorkerCall, WorkerMessage, WorkerSetup } from "./worker-protocol.ts";

/** Lambda gives a start 10 s. Here many instances start at once on two cores, so it is longer. */
const initTimeoutMs = 30_000;
const logTailBytesMax = 4_096;
/** Lambda's own limit for an answer: 6 MiB and some. */
const responseBytesMax = 6_291_556;
/** Room for the thread's own machinery, below which even an empty bundle cannot start. */
const heapMbMin = 64;
/** Short-lived objects are collected from this: larger only means more memory for each of dozens of threads. */
const youngGenerationMb = 16;

/** The thread's life ended while an invocation was running or waiting for it. */
export class InstanceKilledError extends Error {
  constructor() {
    super("the instance was stopped");
    this.name = "InstanceKilledError";
  }
}

export interface InstanceOptions {
  readonly setup: Omit<WorkerSetup, "clock">;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: (level: LogEntry["level"], line: string, requestId: string | undefined) => void;
  /** The region's clock. */
  readonly now: () => number;
  /** The world's time: how long a call may take. */
  readonly scheduler: Scheduler;
}

export type InstanceCall = Omit<WorkerCall, "clock">;

export interface Instance {
  /** Resolves when the code is loaded, or with the error that Lambda would show. */
  readonly started: Promise<FunctionError | undefined>;
  /** One call at a time, on the region's clock as it is then. Rejects with `InstanceKilledError` when the instance is stopped meanwhile. */
  invoke(call: InstanceCall): Promise<InvokeResult>;
  /** False after a crash, a time-out or a stop: make another. */
  isUsable(): boolean;
  stop(): Promise<void>;
}

interface Running {
  readonly call: InstanceCall;
  readonly lines: string[];
  settle(outcome: { payload: string; functionError?: "Unhandled" } | InstanceKilledError): void;
}

let workerUrl: URL | undefined;

/** The thread's code as plain JavaScript: a thread that strips types itself takes 13 MB and 30 ms more. */
function compileWorker(): URL {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("./worker-main.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "esnext",
  });
  return new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
}

/** One execution environment: a thread with its own globals, modules, environment and heap limit. */
export function createInstance(options: InstanceOptions): Instance {
  const { setup } = options;
  workerUrl ??= compileWorker();
  const readClock = (): ClockReading => ({ saysMs: Math.round(options.now()), machineMs: Date.now() });
  const worker = new Worker(workerUrl, {
    workerData: { ...setup, clock: readClock() } satisfies WorkerSetup,
    env: { ...options.environment },
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    name: setup.functionName,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.max(heapMbMin, setup.memoryMb),
      maxYoungGenerationSizeMb: youngGenerationMb,
    },
  });
  let usable = true;
  let stopped = false;
  let running: Running | undefined;
  let lastError: FunctionError | undefined;
  let finishStart: (error: FunctionError | undefined) => void = () => {};
  const started = new Promise<FunctionError | undefined>((resolve) => {
    finishStart = resolve;
  });
  const initTimer = setTimeout(() => {
    const seconds = (initTimeoutMs / 1_000).toFixed(2);
    end({ errorType: "Sandbox.Timedout", errorMessage: `INIT timed out after ${seconds} seconds` });
  }, initTimeoutMs);

  function log(level: LogEntry["level"], line: string): void {
    running?.lines.push(line);
    options.onLog(level, line, running?.call.requestId);
  }

  /** The thread is of no more use: whoever waits is told why, and it is taken down. */
  function end(error: FunctionError): void {
    usable = false;
    lastError ??= error;
    clearTimeout(initTimer);
    finishStart(lastError);
    running?.settle(
      stopped
        ? new InstanceKilledError()
        : { payload: JSON.stringify(lastError), functionError: "Unhandled" },
    );
    void worker.terminate();
  }

  function receive(message: WorkerMessage): void {
    switch (message.type) {
      case "ready":
        clearTimeout(initTimer);
        finishStart(undefined);
        return;
      case "log":
        log(message.level, message.text);
        return;
      case "returned":
        running?.settle(checkSize(message.payload));
        return;
      case "threw":
        running?.settle({ payload: JSON.stringify(message.error), functionError: "Unhandled" });
        return;
      case "init-failed":
      case "crashed":
        log("ERROR", (message.error.trace ?? [message.error.errorMessage]).join("\n"));
        end(message.error);
    }
  }

  worker.on("message", receive);
  worker.on("error", (error: Error & { code?: string }) => {
    const outOfMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    end(
      exitError(
        running,
        outOfMemory ? "Runtime exited with error: signal: killed (out of memory)" : error.message,
      ),
    );
  });
  worker.on("exit", (code) => {
    const how =
      code === 0
        ? "Runtime exited without providing a reason"
        : `Runtime exited with error: exit status ${code}`;
    end(exitError(running, how));
  });
  for (const [stream, level] of [
    [worker.stdout, "INFO"],
    [worker.stderr, "ERROR"],
  ] as const satisfies [Readable, LogEntry["level"]][]) {
    createInterface({ input: stream }).on("line", (line) => log(level, line));
  }

  return {
    started,
    isUsable: () => usable,
    invoke(call) {
      if (stopped) return Promise.reject(new InstanceKilledError());
      if (!usable) {
        const payload = JSON.stringify(lastError ?? exitError(undefined, "Runtime exited"));
        return Promise.resolve({
          requestId: call.requestId,
          payload,
          functionError: "Unhandled",
          logTail: "",
        });
      }
      return new Promise((resolve, reject) => {
        const timeOut = () => end(timeoutError(call, options.now()));
        const cancel = options.scheduler.after(call.timeoutMs, timeOut);
        const lines: string[] = [];
        running = {
          call,
          lines,
          settle(outcome) {
            cancel();
            running = undefined;
            if (outcome instanceof Error) reject(outcome);
            else resolve({ requestId: call.requestId, ...outcome, logTail: tail(lines) });
          },
        };
        worker.postMessage({ ...call, clock: readClock() } satisfies WorkerCall);
      });
    },
    async stop() {
      stopped = true;
      end(exitError(running, "the instance was stopped"));
      await worker.terminate();
    },
  };
}

function checkSize(payload: string): { payload: string; functionError?: "Unhandled" } {
  if (Buffer.byteLength(payload) <= responseBytesMax) return { payload };
  const error: FunctionError = {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
  };
  return { payload: JSON.stringify(error), functionError: "Unhandled" };
}

function timeoutError(call: InstanceCall, nowMs: number): FunctionError {
  const seconds = (call.timeoutMs / 1_000).toFixed(2);
  return {
    errorType: "Sandbox.Timedout",
    errorMessage: `${new Date(nowMs).toISOString()} ${call.requestId} Task timed out after ${seconds} seconds`,
  };
}

function exitError(running: Running | undefined, how: string): FunctionError {
  const request = running === undefined ? "" : `RequestId: ${running.call.requestId} `;
  return { errorType: "Runtime.ExitError", errorMessage: `${request}Error: ${how}` };
}

function tail(lines: readonly string[]): string {
  return Buffer.from(lines.join("\n")).subarray(-logTailBytesMax).toString();
}
