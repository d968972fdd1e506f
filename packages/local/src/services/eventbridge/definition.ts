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
