import type { FunctionError, LogEntry } from "./definition.ts";

/** What a region's clock says at a moment, and what this machine's says then. */
export interface ClockReading {
  readonly saysMs: number;
  readonly machineMs: number;
}

/** What an instance is told when its thread starts. */
export interface WorkerSetup {
  readonly bundleFile: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** How much faster the world's time passes than the machine's. */
  readonly timeScale: number;
  readonly clock: ClockReading;
}

/** One invocation. An instance has at most one at a time. */
export interface WorkerCall {
  readonly requestId: string;
  /** JSON text */
  readonly payload: string;
  /** of the world's time */
  readonly timeoutMs: number;
  /** What `Date` goes by inside the function. */
  readonly clock: ClockReading;
}

export type WorkerMessage =
  | { readonly type: "ready" }
  /** The code could not be loaded. The thread ends. */
  | { readonly type: "init-failed"; readonly error: FunctionError }
  | { readonly type: "returned"; readonly payload: string }
  /** The handler threw. The instance stays usable, as in Lambda. */
  | { readonly type: "threw"; readonly error: FunctionError }
  /** Something outside of any handler's promise failed. The thread ends. */
  | { readonly type: "crashed"; readonly error: FunctionError }
  | { readonly type: "log"; readonly level: LogEntry["level"]; readonly text: string };
