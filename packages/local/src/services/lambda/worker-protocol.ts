import type { FunctionError, LogEntry } from "./definition.ts";

/** What an instance is told when its thread starts. */
export interface WorkerSetup {
  readonly bundleFile: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
}

/** One invocation. An instance has at most one at a time. */
export interface WorkerCall {
  readonly requestId: string;
  /** JSON text */
  readonly payload: string;
  readonly timeoutMs: number;
  /** How far the region's clock is ahead of the machine's: what `Date` says inside the function. */
  readonly clockAheadMs: number;
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
