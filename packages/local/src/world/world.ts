import type { AdminClaimsRefusal, Result } from "@antipode/core";
import type { Fault } from "../faults/fault.ts";
import type { FaultOutcome } from "../faults/faults.ts";
import type { WorldPlan } from "../provision/plan.ts";
import type { CloudWatch } from "../services/cloudwatch/cloudwatch.ts";
import type { DynamoService } from "../services/dynamodb/dynamo-service.ts";
import type { FunctionLogs } from "../services/lambda/function-logs.ts";
import type { AdminTokenRequest } from "./admin-token.ts";
import type { InvokeRequest, NoFunction } from "./invoke.ts";
import type { NoName } from "./names.ts";
import type { NotScheduled } from "./schedules.ts";
import type {
  AlarmStatus,
  BackfillOutcome,
  PublishedMessage,
  ReplayOutcome,
  ResolvedName,
  RunOutcome,
  WorldStatus,
} from "./status.ts";

/** Four regions on one machine, running. */
export interface World {
  readonly plan: WorldPlan;
  readonly products: number;
  /** The shop's address in a region. */
  api(region: string): string;
  /** Where an AWS client reaches a region's services. */
  endpoint(region: string): string;
  /** Where the CDN's edge location near a region answers; nothing when the infrastructure has no CDN. */
  edge(region: string): string | undefined;
  /** The world's time, ms since 1970. Where it passes faster than the machine's it is ahead of it. */
  now(): number;
  status(): WorldStatus;
  apply(fault: Fault): FaultOutcome;
  replay(region?: string): Promise<readonly ReplayOutcome[]>;
  /** Rebuilds the views of one region or of all from its replica of the catalog; by force also those that are as new. */
  backfill(region?: string, force?: boolean): Promise<readonly BackfillOutcome[]>;
  /** Runs a scheduled function now, in one region or in each that schedules it, and waits for its answers. */
  run(name: string, region?: string): Promise<Result<readonly RunOutcome[], NotScheduled>>;
  /** Invokes any function of a region now and waits for its answer. */
  invoke(request: InvokeRequest): Promise<Result<RunOutcome, NoFunction>>;
  /** What clients near a region, or near each, are answered for a name. */
  resolve(name: string, near?: string): Result<readonly ResolvedName[], NoName>;
  /** Every alarm and its state. */
  alarms(): readonly AlarmStatus[];
  /** What people would have been told. */
  messages(): readonly PublishedMessage[];
  /** What the payment provider knows, as it says it; nothing in a world without payments. */
  paymentLedger(): Promise<unknown>;
  /**
   * Resolves when replication has delivered what it can and every dispatcher of a region that is up has handled its
   * stream: what is blocked by a fault stays blocked.
   */
  settled(): Promise<void>;
  /** An operator's token for the API, good for some hours. */
  adminToken(request: AdminTokenRequest): Result<string, AdminClaimsRefusal>;
  /** For tests and drills that look behind the API. */
  readonly dynamo: DynamoService;
  readonly logs: FunctionLogs;
  readonly cloudWatch: CloudWatch;
  close(): Promise<void>;
}
