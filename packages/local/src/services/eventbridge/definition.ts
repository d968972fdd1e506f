/** A rule's target that is a function, run on a schedule. */
export interface ScheduleDefinition {
  readonly ruleArn: string;
  readonly region: string;
  readonly functionArn: string;
  /** ms from one firing to the next */
  readonly periodMs: number;
  /** A disabled rule never fires. */
  readonly enabled: boolean;
  /** What the function gets instead of the event, JSON text. */
  readonly input?: string;
}

/** What gets a rule's events, and how hard it is tried. */
export interface TargetDefinition {
  readonly id: string;
  readonly type: "function" | "topic" | "queue" | "bus";
  readonly arn: string;
  /** Attempts beyond the first, 185 at most. */
  readonly retriesMax: number;
  readonly ageMaxMs: number;
  /** The queue for what cannot be delivered. */
  readonly deadLetterArn?: string;
  /** What the target gets instead of the event, JSON text. */
  readonly input?: string;
}

/** A rule that waits for events. */
export interface RuleDefinition {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly busArn: string;
  /** JSON text. */
  readonly pattern: string;
  /** A disabled rule passes nothing on. */
  readonly enabled: boolean;
  readonly targets: readonly TargetDefinition[];
}

/** An event as targets get it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** In whole seconds. */
  readonly time: string;
  /** Where it was put first, however far it went since. */
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}
