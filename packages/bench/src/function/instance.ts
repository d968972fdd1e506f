import { fork } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FunctionAnswer, InstanceCall, InstanceReport } from "./instance-protocol.ts";
import { apiHandler, linkEnvironment } from "./links.ts";
import { apiEvent, type BenchRequest } from "./requests.ts";

/** How long an import and the first answer took: on the clock, and of CPU. */
export interface Started {
  readonly ms: number;
  readonly cpuMs: number;
  readonly answer: FunctionAnswer;
}

export interface Instance {
  /** Imports the bundle and answers the first request. */
  start(request: BenchRequest): Promise<Started>;
  invoke(request: BenchRequest): Promise<FunctionAnswer>;
  /** The same for a function that is not behind the gateway: imports the bundle with the first event. */
  deliver(event: object): Promise<unknown>;
  /** µs of CPU per call, over so many calls. */
  measure(request: BenchRequest, calls: number): Promise<number>;
  stop(): Promise<void>;
}

/** As Lambda sets it, with nothing of this machine's environment. */
export function instanceEnvironment(storeUrl: string, handler: string): Record<string, string> {
  return {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_SESSION_TOKEN: "bench",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: "bench",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_ENDPOINT_URL: storeUrl,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    TZ: ":UTC",
    ...linkEnvironment(handler),
  };
}

export interface InstanceOptions {
  /** The handler whose links it has; default: the API's. */
  readonly handler?: string;
  /** Beside those that Lambda and SST set. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * A process for one bundle. Its log goes to the null device: as much is written as on Lambda, and nothing waits for a
 * reader.
 */
export function createInstance(
  bundleFile: string,
  storeUrl: string,
  { handler = apiHandler, variables = {} }: InstanceOptions = {},
): Instance {
  const main = fileURLToPath(new URL("./instance-main.ts", import.meta.url));
  const child = fork(main, [pathToFileURL(bundleFile).href], {
    env: { ...instanceEnvironment(storeUrl, handler), ...variables },
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let isImported = false;

  async function ask<Type extends InstanceReport["type"]>(
    call: InstanceCall,
    type: Type,
  ): Promise<InstanceReport & { type: Type }> {
    const gone = new AbortController();
    const exit = once(child, "exit", { signal: gone.signal }).then(([code]) => {
      throw new Error(`the instance of ${bundleFile} ended with ${code}`);
    });
    const answered = once(child, "message", { signal: gone.signal });
    child.send(call);
    try {
      const [report] = (await Promise.race([answered, exit])) as [InstanceReport];
      if (report.type !== type) {
        throw new Error(report.type === "failed" ? report.reason : `${report.type} instead of ${type}`);
      }
      return report as InstanceReport & { type: Type };
    } finally {
      gone.abort();
      await Promise.allSettled([exit, answered]);
    }
  }

  return {
    start: (request) => ask({ type: "start", event: apiEvent(request) }, "started"),
    invoke: async (request) => (await ask({ type: "invoke", event: apiEvent(request) }, "answered")).answer,
    async deliver(event) {
      const { answer } = isImported
        ? await ask({ type: "invoke", event }, "answered")
        : await ask({ type: "start", event }, "started");
      isImported = true;
      return answer;
    },
    async measure(request, calls) {
      const event = apiEvent(request);
      const { cpuMicrosPerCall, answer } = await ask({ type: "measure", event, calls }, "measured");
      if (answer.statusCode >= 300) {
        throw new Error(`${request.method} ${request.path} was refused: ${answer.statusCode} ${answer.body}`);
      }
      return cpuMicrosPerCall;
    },
    async stop() {
      const exited = child.exitCode === null ? once(child, "exit") : Promise.resolve();
      child.kill("SIGKILL");
      await exited;
    },
  };
}
