/**
 * Runs in an instance's thread: loads one bundle, then answers one invocation at a time, as Lambda's runtime does.
 * It is compiled apart from the rest: of that it imports its clock, and types.
 */
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import type { FunctionError, LogEntry } from "./definition.ts";
import { installClock, type WorkerClock } from "./worker-clock.ts";
import type { WorkerCall, WorkerMessage, WorkerSetup } from "./worker-protocol.ts";

type Handler = (event: unknown, context: object) => unknown;

/** What Lambda's runtime exits with after an error that no handler caught. */
const crashExitCode = 129;

const levels = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function captureConsole(): void {
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, LogEntry["level"]][]) {
    console[method] = (...values: unknown[]) => post({ type: "log", level, text: format(...values) });
  }
}

function describe(error: unknown, errorType?: string): FunctionError {
  if (!(error instanceof Error)) {
    return { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] };
  }
  // The thread's own frames name its code by all of its text.
  const trace = (error.stack ?? "").split("\n").filter((line) => !line.includes("data:text/javascript,"));
  return { errorType: errorType ?? error.name, errorMessage: error.message, trace };
}

function crash(error: unknown, errorType?: string): never {
  post({ type: "crashed", error: describe(error, errorType) });
  process.exit(crashExitCode);
}

async function loadHandler(setup: WorkerSetup): Promise<Handler> {
  const module: Record<string, unknown> = await import(pathToFileURL(setup.bundleFile).href);
  const handler = module[setup.exportName];
  if (typeof handler !== "function") throw new TypeError(`${setup.exportName} is not a function`);
  return handler as Handler;
}

function createContext(setup: WorkerSetup, call: WorkerCall): object {
  const deadline = performance.now() + call.timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: setup.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: setup.functionArn,
    memoryLimitInMB: String(setup.memoryMb),
    awsRequestId: call.requestId,
    logGroupName: process.env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: process.env["AWS_LAMBDA_LOG_STREAM_NAME"],
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}

interface Loaded {
  readonly handler: Handler;
  readonly setup: WorkerSetup;
  readonly clock: WorkerClock;
}

async function answer({ handler, setup, clock }: Loaded, call: WorkerCall): Promise<void> {
  let result: unknown;
  clock.follow(call.clock);
  try {
    result = await handler(JSON.parse(call.payload), createContext(setup, call));
  } catch (error) {
    const described = describe(error);
    post({ type: "log", level: "ERROR", text: `Invoke Error\t${described.trace?.join("\n") ?? ""}` });
    post({ type: "threw", error: described });
    return;
  }
  try {
    post({ type: "returned", payload: JSON.stringify(result) ?? "null" });
  } catch (error) {
    post({ type: "threw", error: describe(error, "Runtime.MarshalError") });
  }
}

async function start(setup: WorkerSetup): Promise<void> {
  captureConsole();
  const clock = installClock(setup.clock, setup.timeScale);
  process.on("uncaughtException", (error) => crash(error));
  process.on("unhandledRejection", (reason) => crash(reason, "Runtime.UnhandledPromiseRejection"));
  let handler: Handler;
  try {
    handler = await loadHandler(setup);
  } catch (error) {
    post({ type: "init-failed", error: describe(error) });
    process.exit(1);
  }
  parentPort?.on("message", (call: WorkerCall) => void answer({ handler, setup, clock }, call));
  post({ type: "ready" });
}

await start(workerData as WorkerSetup);
