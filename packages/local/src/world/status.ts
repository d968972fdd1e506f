import type { PaymentsStatus } from "../payments/payments.ts";
import type { PairStatus } from "../replication/replication.ts";
import type { EdgeStatus } from "../services/cloudfront/edge/edge-location.ts";
import type { Alarm, AlarmState, AlarmStateValue } from "../services/cloudwatch/alarm.ts";
import type { AnsweredRecord, DnsAnswer } from "../services/route53/answer.ts";

/** Which shoppers that are near to a region are led there: all, a share while it comes back, none. */
export type RegionRouting = "open" | "share" | "closed";

/** What a running world says of itself: the contract between the world, its control server and the command line. */
export interface WorldStatus {
  readonly engine: string;
  readonly seed: number;
  readonly startedAt: string;
  /** By the world's own time, which is ahead of the machine's where it passes faster. */
  readonly now: string;
  /** How much faster the world's time passes than the machine's. */
  readonly timeScale: number;
  /** Resident memory of the whole process, all regions together. */
  readonly memoryMb: number;
  readonly regions: readonly RegionStatus[];
  /** One line for each fault in force. */
  readonly faults: readonly string[];
  readonly replication: readonly PairStatus[];
  /** Absent when no function takes payments. */
  readonly payments?: PaymentsStatus;
  /** Absent when the infrastructure has no names. */
  readonly names?: NamesStatus;
  /** Edge locations of the CDN; none when the infrastructure has no CDN. */
  readonly edges: readonly EdgeLocationStatus[];
}

/** What the CDN did near a region since the start. */
export interface EdgeLocationStatus extends EdgeStatus {
  readonly near: string;
  /** At 127.0.0.1. */
  readonly url: string;
  /** Its own, at the port that names lead to. */
  readonly address: string;
}

export interface NamesStatus {
  /** Where the name servers answer on 127.0.0.1, by UDP and TCP. */
  readonly dnsPort: number;
  /** Where all that names lead to answers, each at its own address; absent when this machine has no such addresses. */
  readonly namedPort?: number;
}

/** What clients near a region are answered when they ask for a name. */
export interface ResolvedName {
  readonly near: string;
  readonly name: string;
  readonly status: DnsAnswer["status"];
  readonly records: readonly AnsweredRecord[];
}

/** A message of a topic that people subscribe to. */
export interface PublishedMessage {
  readonly region: string;
  readonly topic: string;
  readonly at: string;
  readonly subject?: string;
  readonly message: string;
}

export interface RegionStatus {
  readonly region: string;
  readonly up: boolean;
  /** Whether it sells, by its own word: `yes`, `no-lease`, `fenced` or `unknown`. Absent where it was not asked. */
  readonly selling?: string;
  /** What Route 53's checks of it say. Absent when there are none. */
  readonly route53?: RegionRouting;
  /** Where the shop answers. */
  readonly api: string;
  /** Where the AWS SDK or CLI reaches this region's services. */
  readonly endpoint: string;
  readonly dispatchers: readonly DispatcherStatus[];
  readonly schedules: readonly ScheduleStatus[];
  /** Batches in the failure bucket, waiting for a replay. */
  readonly failedBatches: number;
  /** Absent when the infrastructure has none there. */
  readonly alarms?: AlarmCounts;
}

export interface AlarmCounts {
  /** Names of those in ALARM. */
  readonly ringing: readonly string[];
  readonly ok: number;
  readonly withoutData: number;
}

export interface AlarmStatus {
  readonly region: string;
  /** As in `infra/`: `HeartbeatErrors`. */
  readonly name: string;
  readonly type: Alarm["type"];
  readonly state: AlarmStateValue;
  readonly since: string;
  /** In CloudWatch's words. */
  readonly reason: string;
  /** Of a composite alarm whose actions are held back. */
  readonly actionsSuppressedBy?: NonNullable<AlarmState["suppressedBy"]>;
}

export interface DispatcherStatus {
  readonly name: string;
  /** Stream records not yet handled. */
  readonly behind: number;
  /** Attempts that moved nothing, since the start. */
  readonly retries: number;
  /** Batches given up on and filed, since the start. */
  readonly failedBatches: number;
  readonly lastError?: string;
}

/** A function that a rule runs. */
export interface ScheduleStatus {
  /** As in `infra/`: `Repair`. */
  readonly name: string;
  /** `rate(1 minute)` */
  readonly expression: string;
  readonly enabled: boolean;
  /** Since the start. */
  readonly fired: number;
  /** By the world's time; absent when it is disabled. */
  readonly nextAt?: string;
  /** Of its latest attempt, when that failed. */
  readonly lastError?: string;
  /** By the world's time. */
  readonly lastErrorAt?: string;
}

/** What a scheduled function said to a run by hand. */
export interface RunOutcome {
  readonly region: string;
  /** As it is; absent when it failed or could not be run. */
  readonly answer?: unknown;
  readonly error?: string;
}

export interface BackfillOutcome {
  readonly region: string;
  /** Products by what became of their views; absent when the region's function could not be run. */
  readonly rebuilt?: number;
  readonly upToDate?: number;
  readonly incomplete?: number;
  readonly failed?: number;
  /** Why the first product failed, or why nothing was run. */
  readonly error?: string;
}

export interface ReplayOutcome {
  readonly region: string;
  /** The counts are absent when the region's function could not be run. */
  readonly replayed?: number;
  readonly failed?: number;
  readonly remaining?: number;
  /** Why the first batch failed again, or why nothing was run. */
  readonly error?: string;
}
