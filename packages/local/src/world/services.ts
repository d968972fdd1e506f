/** The AWS services of all regions, as the plan has them. */
import path from "node:path";
import { createDynamoDBLocalEngine } from "../engine/dynamodb-local/dynamodb-local.ts";
import { createEmbeddedEngine } from "../engine/embedded/embedded.ts";
import type { TableEngine } from "../engine/engine.ts";
import { createApiTrouble } from "../faults/api-trouble.ts";
import { createCallFailures, withCallFailures } from "../faults/call-failures.ts";
import type { Faults } from "../faults/faults.ts";
import type { WorldClock } from "../links/clock.ts";
import type { Links } from "../links/links.ts";
import type { Random } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import type { HttpApiOptions } from "../services/apigateway/http-api.ts";
import type { CloudFrontService } from "../services/cloudfront/cloudfront-service.ts";
import { createCloudWatchService } from "../services/cloudwatch/cloudwatch-service.ts";
import { asyncMetrics, callMetrics, invocationMetrics } from "../services/cloudwatch/service-metrics.ts";
import { createDynamoService, type DynamoService } from "../services/dynamodb/dynamo-service.ts";
import {
  type AsyncInvocations,
  createAsyncInvocations,
  failureText,
} from "../services/lambda/async-invocations.ts";
import type { Bundle } from "../services/lambda/bundle.ts";
import { createFunctionLogs, type FunctionLogs } from "../services/lambda/function-logs.ts";
import { bundleFunctions, createLambda, type Lambda } from "../services/lambda/lambda.ts";
import { createLambdaService } from "../services/lambda/lambda-service.ts";
import type { Route53Service } from "../services/route53/route53-service.ts";
import { createS3Service, type S3Service } from "../services/s3/s3-service.ts";
import type { AwsService } from "../services/service.ts";
import { createWorldCloudFront } from "./cloudfront.ts";
import { createWorldCloudWatch, reportQueues, type WorldCloudWatch } from "./cloudwatch.ts";
import { createMessaging, type Messaging } from "./messaging.ts";
import { createWorldRoute53 } from "./route53.ts";

export const engineNames = ["embedded", "dynamodb-local"] as const;

export type EngineName = (typeof engineNames)[number];

export interface ServicesOptions {
  readonly plan: WorldPlan;
  readonly engine: EngineName;
  readonly seed: number;
  /** How much faster the world's time passes than the machine's. */
  readonly timeScale: number;
  /** The repository: handlers are paths from here. */
  readonly root: string;
  /** Bundles and logs go below it. */
  readonly workDir: string;
  readonly logsDir?: string | undefined;
  readonly faults: Faults;
  readonly links: Links;
  readonly clock: WorldClock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Where a region's functions find AWS; asked when an instance starts. */
  readonly endpointUrl: (region: string) => string;
  /** Where a region's API answers; asked when a checker looks. */
  readonly apiUrl: (region: string) => string;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

export interface Services {
  readonly dynamo: DynamoService;
  readonly s3: S3Service;
  readonly lambda: Lambda;
  /** For calls that nobody waits for. */
  readonly asyncInvocations: AsyncInvocations;
  /** With neither zones nor checks yet: those need regions that answer. */
  readonly route53: Route53Service;
  /** With the distributions of the plan. */
  readonly cloudfront: CloudFrontService;
  /** With the alarms of the plan, which nobody judges before it is started. */
  readonly cloudWatch: WorldCloudWatch;
  /** Topics, buses and queues. */
  readonly messaging: Messaging;
  readonly logs: FunctionLogs;
  /** What faults make of a request to a region's API. */
  readonly apiTrouble: (region: string) => NonNullable<HttpApiOptions["trouble"]>;
  /** What the fronts hand requests to. */
  readonly all: readonly AwsService[];
  close(): Promise<void>;
}

export async function createServices(options: ServicesOptions): Promise<Services> {
  const { plan, say } = options;
  say(`Bundling ${new Set(plan.functions.map((one) => one.sourceHandler)).size} functions …`);
  const bundles = await bundleFunctions(plan.functions, {
    root: options.root,
    outDir: path.join(options.workDir, "bundles"),
  });

  say(`Creating ${plan.tables.length} tables on the ${options.engine} engine …`);
  const engine = options.engine === "embedded" ? createEmbeddedEngine() : await createDynamoDBLocalEngine();
  try {
    return await createOn(engine, bundles, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function createOn(
  engine: TableEngine,
  bundles: ReadonlyMap<string, Bundle>,
  options: ServicesOptions,
): Promise<Services> {
  const { plan, clock, faults, random, scheduler } = options;
  const failuresOf = (service: string) => createCallFailures({ service, state: faults.state, random });
  const cloudWatch = createWorldCloudWatch({
    ...options,
    publishToTopic: (message) => messaging.publishAlarm(message),
    onAlarmStateChange: (change) => messaging.alarmChanged(change),
  });
  const dynamo = createDynamoService({
    engine,
    clock,
    faults: failuresOf("dynamodb"),
    onCall: (call) => cloudWatch.measured(call.region, callMetrics(call)),
  });
  for (const { region, definition } of plan.tables) await dynamo.createTable(region, definition);

  const s3 = createS3Service({ clock });
  for (const { region, name } of plan.buckets) s3.createBucket(region, name);

  const logs = createFunctionLogs({
    directory: options.logsDir ?? path.join(options.workDir, "logs"),
    now: clock.now,
  });
  const lambda = createLambda({
    functions: plan.functions,
    bundles,
    endpointUrl: options.endpointUrl,
    clock,
    scheduler,
    timeScale: options.timeScale,
    onLog(entry) {
      logs.write(entry);
      cloudWatch.readLog(entry);
    },
    onInvocation: ({ region, name }, event) => cloudWatch.measured(region, invocationMetrics(name, event)),
  });
  const asyncInvocations = createAsyncInvocations({
    lambda,
    scheduler,
    settings: (arn) => plan.asyncSettings.find(({ functionArn }) => functionArn === arn),
    onFailure(call) {
      const { functionArn, outcome } = call;
      const name = lambda.find(functionArn)?.name ?? functionArn;
      options.warn(`${name} failed for good: ${failureText(outcome)}`);
      messaging.buryCall(call);
    },
    onEvent(arn, event) {
      const called = lambda.find(arn);
      if (called !== undefined) cloudWatch.measured(called.region, asyncMetrics(called.name, event));
    },
  });
  const messaging = createMessaging({
    ...options,
    asyncInvocations,
    failuresOf,
    measured: cloudWatch.measured,
  });
  reportQueues(cloudWatch, messaging.queues);
  const route53 = createWorldRoute53(options);
  const cloudfront = createWorldCloudFront(options);
  return {
    dynamo,
    s3,
    lambda,
    asyncInvocations,
    route53,
    cloudfront,
    cloudWatch,
    messaging,
    logs,
    apiTrouble: (region) => createApiTrouble({ region, state: faults.state, failures: failuresOf("api") }),
    all: [
      dynamo,
      withCallFailures(s3, failuresOf("s3")),
      withCallFailures(createLambdaService({ lambda, asyncInvocations }), failuresOf("lambda")),
      withCallFailures(route53, failuresOf("route53")),
      withCallFailures(cloudfront, failuresOf("cloudfront")),
      withCallFailures(createCloudWatchService(cloudWatch), failuresOf("cloudwatch")),
      ...messaging.services,
    ],
    async close() {
      cloudWatch.stop();
      route53.stop();
      messaging.close();
      asyncInvocations.close();
      await lambda.close();
      await dynamo.close();
      await logs.close();
    },
  };
}
