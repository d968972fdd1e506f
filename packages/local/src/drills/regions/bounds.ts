import { defaultVoteSettings, holdMsOf } from "@antipode/core";

/** Route 53's own numbers, as `infra/` asks for them. */
const checkEveryMs = 10_000;
const failuresToClose = 3;
/** The name that shoppers ask for is kept for ten seconds (`infra/records.ts`); what it leads to never changes. */
export const nameTtlMs = 10_000;

/** ms from the silence of a region until every client has been led elsewhere: its checks, and one TTL. */
export const shiftWithinMs = failuresToClose * checkEveryMs + nameTtlMs;

/** ms in which Route 53 sees what a region answers: its checks, and how old an answer of the region may be. */
const answerAgeMs = 5_000;
const seenByChecksMs = failuresToClose * checkEveryMs + answerAgeMs;

const { probeEveryMs, successesToStop, echoMaxMs, failuresToVote } = defaultVoteSettings;

/** ms from when a region fails every look until all others vote: their looks, a round that had just begun, and one that is lost. */
export const voteWithinMs = (failuresToVote + 1) * probeEveryMs;

/** ms until shoppers are served elsewhere, where votes alone close a region: they agree, checks see it, and one TTL. */
export const voteShiftWithinMs = voteWithinMs + seenByChecksMs + nameTtlMs;

/** ms until an operator's word has done the same: two rounds until the region closes. */
export const drainShiftWithinMs = 3 * probeEveryMs + seenByChecksMs + nameTtlMs;

/** ms in which a region's votes end once it is well: the hold of the n-th vote in a row, good looks, and a round more. */
export const freeWithinMs = (epoch = 1): number =>
  Math.max(holdMsOf(epoch, defaultVoteSettings), successesToStop * probeEveryMs + echoMaxMs) + probeEveryMs;

/** ms from a region's mending until its shoppers are back, after the n-th vote in a row. */
export const backWithinMs = (epoch = 1): number => freeWithinMs(epoch) + seenByChecksMs + nameTtlMs;

const minuteMs = 60_000;
/** ms from an alarm's last minute until its word is in every region: it is judged, told by topic and bus, and written down. */
const newsWithinMs = 30_000;
/** An alarm of latency looks at so many minutes, and rings when so many of them are bad: none of them began before. */
const minutesSeen = 4;
const badMinutes = 3;

/** ms until shoppers have left a region that only its alarms give away. */
export const grayShiftWithinMs = (badMinutes + 1) * minuteMs + newsWithinMs + voteShiftWithinMs;

/**
 * ms from its mending until they are back: until the alarm sees no minute from before but the one that had begun, then as
 * after any vote, whose hold is over by then.
 */
export const grayBackWithinMs =
  minutesSeen * minuteMs + newsWithinMs + 2 * probeEveryMs + seenByChecksMs + nameTtlMs;

/** ms of the check that is slow on purpose, by which all of a region's shoppers come back: five looks of thirty seconds. */
const slowCheckMs = 150_000;
/** For so long a region that comes back is led a share; it knows that it is open some rounds before the name does. */
export const rampForMs = defaultVoteSettings.rampMs - seenByChecksMs - 2 * probeEveryMs;
/** ms from its first shopper until it is led all of them: the ramp, the slow check, and what a round and an answer may be old. */
export const wholeWithinMs = defaultVoteSettings.rampMs + slowCheckMs + seenByChecksMs + 2 * probeEveryMs;
