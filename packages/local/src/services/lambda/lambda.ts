import { randomUUID } from "node:crypto";
import type { WorldClock } from "../../links/clock.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import type { Principal } from "../iam/statement.ts";
import { functionPrincipal } from "../iam/statement.ts";
import { AwsError } from "../service.ts";
import type { Bundle } from "./bundle.ts";
import { bundleHandlers } from "./bundle.ts";
import type { FileCopy, FunctionDefinition, InvokeResult, LogEntry } from "./definition.ts";
import { apiConcurrency } from "./definition.ts";
import { accessKeyOf, functionEnvironment } from "./environment.ts";
import { createInstance } from "./instance.ts";
import type { Pool, PoolEvent, PoolStats } from "./pool.ts";
import { createPool } from "./pool.ts";
import { createStartQueue } from "./start-queue.ts";

/** Lambda's limit for a synchronous payload: 6 MiB. */
const requestBytesMax = 6_291_456;

/** As many as a laptop has cores, as in `world/warm.ts`. */
const startsAtOnceMax = 2;

/** A function by its ARN, or by its name in a region. */
export type FunctionReference = string | { readonly region: string; readonly name: string };

export interface Lambda {
  /**
   * Runs a function and waits for its answer; what the function itself does wrong is in the result.
   * Rejects with `AwsError` when the call did not reach it: `ResourceNotFoundException`, `TooManyRequestsException`,
   * `RequestTooLargeException`, or `ServiceException` while its region is down.
   * `payload` is JSON text; `timeoutMs` can only shorten the function's own limit. A call that has to wait for an
   * instance is not made when `isWanted` says no by then.
   */
  invoke(
    reference: FunctionReference,
    payload: string,
    options?: { readonly timeoutMs?: number; readonly isWanted?: () => boolean },
  ): Promise<InvokeResult>;
  find(reference: FunctionReference): FunctionDefinition | undefined;
  /** Whose access key this is: for the front. */
  principal(accessKeyId: string): Principal | undefined;
  /** Loads one instance ahead of the first call. */
  warm(reference: FunctionReference): Promise<void>;
  /** Down: instances of the region die with what they were doing. Up: the next call starts cold. */
  setDown(region: string, down: boolean): void;
  /** By function ARN. */
  stats(): Readonly<Record<string, PoolStats>>;
  close(): Promise<void>;
}

export interface LambdaOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly bundles: ReadonlyMap<string, Bundle>;
  /** Where a region's functions find AWS. Asked at each cold start, so fronts may be made later. */
  readonly endpointUrl: (region: string) => string;
  readonly clock: WorldClock;
  /** The world's time, which limits how long a function runs. */
  readonly scheduler: Scheduler;
  /** How much faster it passes than the machine's, inside functions too; as fast when left out. */
  readonly timeScale?: number;
  readonly onLog?: (entry: LogEntry) => void;
  /** Told of each call when it is over. */
  readonly onInvocation?: (definition: FunctionDefinition, event: PoolEvent) => void;
  /** How long an instance beyond a function's last may idle; a minute when left out. */
  readonly idleMs?: number;
}

/** Bundles the handlers of these functions, each once. Rejects with `BundleError`. */
export function bundleFunctions(
  functions: readonly FunctionDefinition[],
  options: { readonly root: string; readonly outDir: string },
): Promise<ReadonlyMap<string, Bundle>> {
  const functionNamesByHandler = new Map<string, string[]>();
  const copiesByHandler = new Map<string, FileCopy[]>();
  for (const { sourceHandler, name, region, copyFiles = [] } of functions) {
    const names = functionNamesByHandler.get(sourceHandler) ?? [];
    functionNamesByHandler.set(sourceHandler, [...names, `${name} (${region})`]);
    const copies = copiesByHandler.get(sourceHandler) ?? [];
    copiesByHandler.set(sourceHandler, [...copies, ...copyFiles]);
  }
  return bundleHandlers({ ...options, functionNamesByHandler, copiesByHandler });
}

/** Runs functions in threads of this process, isolated by region and function. */
export function createLambda(options: LambdaOptions): Lambda {
  const byArn = new Map(options.functions.map((definition) => [definition.arn, definition]));
  const byName = new Map(options.functions.map((one) => [`${one.region} ${one.name}`, one]));
  const pools = new Map(
    options.functions.map((definition) => [definition.arn, createFunctionPool(definition)]),
  );
  const principals = new Map(
    options.functions.map((one) => [
      accessKeyOf(one.arn),
      functionPrincipal(one.roleArn, one.name, one.statements),
    ]),
  );
  const regionsDown = new Set<string>();
  const inQueue = createStartQueue(startsAtOnceMax);

  function createFunctionPool(definition: FunctionDefinition): Pool {
    const bundle = options.bundles.get(definition.sourceHandler);
    if (bundle === undefined) throw new Error(`no bundle was made for ${definition.sourceHandler}`);
    return createPool({
      instancesMax: definition.concurrency ?? apiConcurrency,
      ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
      createInstance: () => inQueue(() => startInstance(definition, bundle)),
      onEvent: (event) => options.onInvocation?.(definition, event),
      now: () => options.clock.now(definition.region),
    });
  }

  function startInstance(definition: FunctionDefinition, bundle: Bundle) {
    const now = () => options.clock.now(definition.region);
    const day = new Date(now()).toISOString().slice(0, 10).replaceAll("-", "/");
    return createInstance({
      setup: {
        bundleFile: bundle.file,
        exportName: bundle.exportName,
        functionName: definition.name,
        functionArn: definition.arn,
        memoryMb: definition.memoryMb,
        timeScale: options.timeScale ?? 1,
      },
      environment: functionEnvironment(definition, {
        endpointUrl: options.endpointUrl(definition.region),
        logStream: `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
      }),
      now,
      scheduler: options.scheduler,
      onLog: (level, line, requestId) =>
        options.onLog?.({
          region: definition.region,
          function: definition.name,
          level,
          line,
          ...(requestId === undefined ? {} : { requestId }),
        }),
    });
  }

  function find(reference: FunctionReference): FunctionDefinition | undefined {
    if (typeof reference === "string") return byArn.get(reference);
    return byName.get(`${reference.region} ${reference.name}`);
  }

  function poolOf(reference: FunctionReference): { definition: FunctionDefinition; pool: Pool } {
    const definition = find(reference);
    const pool = definition === undefined ? undefined : pools.get(definition.arn);
    if (definition === undefined || pool === undefined) {
      const name = typeof reference === "string" ? reference : `${reference.name} in ${reference.region}`;
      throw new AwsError("ResourceNotFoundException", `Function not found: ${name}`, 404);
    }
    if (regionsDown.has(definition.region)) {
      throw new AwsError("ServiceException", `${definition.region} is down`, 500);
    }
    return { definition, pool };
  }

  return {
    async invoke(reference, payload, { timeoutMs = Number.POSITIVE_INFINITY, isWanted } = {}) {
      const { definition, pool } = poolOf(reference);
      const bytes = Buffer.byteLength(payload);
      if (bytes > requestBytesMax) {
        const message = `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${requestBytesMax} bytes)`;
        throw new AwsError("RequestTooLargeException", message, 413);
      }
      const limitMs = Math.min(timeoutMs, definition.timeoutSeconds * 1_000);
      return pool.invoke({ requestId: randomUUID(), payload, timeoutMs: limitMs }, isWanted);
    },
    find,
    principal: (accessKeyId) => principals.get(accessKeyId),
    async warm(reference) {
      await poolOf(reference).pool.warm();
    },
    setDown(region, down) {
      if (!down) {
        regionsDown.delete(region);
        return;
      }
      regionsDown.add(region);
      for (const { arn, region: home } of options.functions) {
        if (home === region) void pools.get(arn)?.stop();
      }
    },
    stats: () => Object.fromEntries([...pools].map(([arn, pool]) => [arn, pool.stats()])),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}
