/** The numbers of drain votes. A test may take others; regions run with `defaultVoteSettings`. */
export interface VoteSettings {
  /** Regions below which votes are off: with two, one region's word would close the other. */
  readonly regionsMin: number;
  /** Regions that drains leave open. Regions that are dead are not counted out: no rule opens them. */
  readonly minActive: number;
  /** ms between two looks at every other region. */
  readonly probeEveryMs: number;
  /** Looks in a row that must fail before a region votes. */
  readonly failuresToVote: number;
  /** Looks in a row that must succeed before a vote ends. */
  readonly successesToStop: number;
  /** ms that a first vote stands at least. Each one soon after the last stands twice as long. */
  readonly holdMs: number;
  /** ms that a vote stands at least, however often it was repeated. */
  readonly holdMaxMs: number;
  /** ms without a vote after which the next one counts as a first one. */
  readonly forgetMs: number;
  /** ms without a look after which a vote is none, and after which a region's votes are no longer its word. */
  readonly silenceMaxMs: number;
  /** ms that an alarm counts after it was raised. */
  readonly alarmMaxMs: number;
  /** ms that an alarm's last word is kept to compare later ones with. */
  readonly alarmKnownMs: number;
  /** ms since the newest own round that a region has echoed: above, replication to it and back is behind. */
  readonly echoMaxMs: number;
  /** ms by which a region's dispatchers may be behind their streams. */
  readonly backlogMaxMs: number;
  /** ms that the place of a vote or a drain that ended stays taken. */
  readonly settleMs: number;
  /** ms that an operator's restore keeps votes away. */
  readonly restoreForMs: number;
  /** ms between two own rounds: above, the region counts as having been out. */
  readonly gapMaxMs: number;
  /** ms for which a region that comes back is led a share of its shoppers. */
  readonly rampMs: number;
  /** Own rounds whose times are kept. */
  readonly roundsKept: number;
}

const minuteMs = 60_000;

export const defaultVoteSettings: VoteSettings = {
  regionsMin: 3, // the least of which all others are more than one
  minActive: 2, // of four: what two regions carry is what each is sized for
  probeEveryMs: 10_000, // as often as Route 53's checkers, so that neither waits for the other
  failuresToVote: 3, // half a minute: one lost packet or one cold start is no failure, as in Route 53's own checks
  successesToStop: 6, // a minute: to come back wrongly costs shoppers more than to come back late
  holdMs: 2 * minuteMs, // twice what a shift of traffic and its return take, so that each can be seen in full
  holdMaxMs: 16 * minuteMs, // three doublings; beyond, a region that is well would be missed for too long
  forgetMs: 60 * minuteMs, // nearly four of the longest holds: what fails again later fails for another reason
  silenceMaxMs: 10 * minuteMs, // longer than a prober's redeployment; a region must not stay out on an old word
  alarmMaxMs: 15 * minuteMs, // the message that an alarm has ended may be lost, and no vote hangs on it for ever
  alarmKnownMs: 24 * 60 * minuteMs, // nobody hands news over for longer than a day
  echoMaxMs: 45_000, // a round here, a round there and two replications are 25 s at most; the rest is a lost round
  backlogMaxMs: 10_000, // a stream is read every second; ten seconds behind is work that shoppers would notice
  settleMs: minuteMs, // Route 53 sees an end within 3 checks of 10 s and its answer's 5 s of age; and as much again
  restoreForMs: 15 * minuteMs, // time to look at what the operator has mended, and an end should they be wrong
  gapMaxMs: 4 * minuteMs, // Route 53's slow check is unhealthy by then, so what opened whole is not cut back to a share
  rampMs: 5 * minuteMs, // caches, connections and rights fill within one; alarms on what shows under load need three
  roundsKept: 30, // five minutes: an echo older than that is behind in any case
};

/** ms that a vote stands at least, for the n-th in a row. */
export function holdMsOf(epoch: number, { holdMs, holdMaxMs }: VoteSettings): number {
  return Math.min(holdMs * 2 ** Math.min(epoch - 1, 30), holdMaxMs);
}

/** ms within which an observer votes after a region began to fail every look. */
export function voteWithinMs({ probeEveryMs, failuresToVote }: VoteSettings): number {
  return probeEveryMs * failuresToVote;
}

/**
 * ms within which a vote ends once its region answers every look, is caught up, and has no alarm that counts: whatever
 * was the last to keep it, and a round more. An alarm whose end was never heard counts for `alarmMaxMs` before.
 */
export function backWithinMs(settings: VoteSettings): number {
  const { holdMaxMs, silenceMaxMs, probeEveryMs, successesToStop, echoMaxMs } = settings;
  const seenWellMs = probeEveryMs * successesToStop + echoMaxMs;
  return Math.max(holdMaxMs, silenceMaxMs, seenWellMs) + probeEveryMs;
}

/** Regions that drains may close, of so many. At least one stays open, and with none to spare none is closed. */
export function drainsMax(regions: number, { minActive }: VoteSettings): number {
  return Math.max(0, regions - Math.max(1, minActive));
}
