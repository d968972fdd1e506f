import type { Statement } from "../iam/statement.ts";

/** A file or folder that goes into a function's package. */
export interface FileCopy {
  /** From the folder with `sst.config.ts`. */
  readonly from: string;
  /** From the bundle's folder. */
  readonly to: string;
}

/** One function in one region, from data: the caller read it from a graph, this service never does. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Source path and export as SST names handlers: `packages/functions/src/api/handler.handler`. */
  readonly sourceHandler: string;
  /** What `Resource` from sst shows: link name → its properties. */
  readonly links: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly roleArn: string;
  readonly statements: readonly Statement[];
  /** What `Resource.App` says: the stage is another in each region. */
  readonly app: { readonly name: string; readonly stage: string };
  /** Beside the bundle, as in the deployed package; none when left out. */
  readonly copyFiles?: readonly FileCopy[];
  /** Instances at most, which is invocations at one time; `apiConcurrency` when left out. */
  readonly concurrency?: number;
}

/** As many as a laptop serves at once without starving its other regions. */
export const apiConcurrency = 4;
/** A stream has one shard here, and a shard is read by one invocation at a time. */
export const streamConcurrency = 1;

/** What an invocation gave back. Payloads are JSON text. */
export interface InvokeResult {
  readonly requestId: string;
  readonly payload: string;
  /** Present when the function threw, timed out or died; the payload is then the error as Lambda writes it. */
  readonly functionError?: "Unhandled";
  /** The last lines that the invocation logged, 4 KB at most. */
  readonly logTail: string;
}

/** An error as Lambda puts it into a payload. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** One thing that a function logged. */
export interface LogEntry {
  readonly region: string;
  readonly function: string;
  /** Absent while an instance starts. */
  readonly requestId?: string;
  readonly level: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** May span several lines, a stack for instance. */
  readonly line: string;
}
