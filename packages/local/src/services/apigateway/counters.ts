/** What CloudWatch shows of an HTTP API in one minute. */
export interface MinuteCounts {
  /** Start of the minute, ms since 1970. */
  readonly minuteMs: number;
  readonly count: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly latencySumMs: number;
  readonly latencyMaxMs: number;
}

const minuteMs = 60_000;
/** An hour: enough to look back over a drill, and little to keep. */
const minutesKept = 60;

export interface Counters {
  record(nowMs: number, status: number, latencyMs: number): void;
  /** Minutes with at least one request, oldest first. */
  minutes(): readonly MinuteCounts[];
}

export function createCounters(): Counters {
  const kept: MinuteCounts[] = [];
  return {
    record(nowMs, status, latencyMs) {
      const start = Math.floor(nowMs / minuteMs) * minuteMs;
      const index = kept.findIndex((one) => one.minuteMs === start);
      const counts = kept[index] ?? emptyMinute(start);
      const next: MinuteCounts = {
        minuteMs: start,
        count: counts.count + 1,
        clientErrors: counts.clientErrors + (status >= 400 && status < 500 ? 1 : 0),
        serverErrors: counts.serverErrors + (status >= 500 ? 1 : 0),
        latencySumMs: counts.latencySumMs + latencyMs,
        latencyMaxMs: Math.max(counts.latencyMaxMs, latencyMs),
      };
      if (index >= 0) kept[index] = next;
      else kept.push(next);
      if (kept.length > minutesKept) kept.shift();
    },
    minutes: () => kept.toSorted((left, right) => left.minuteMs - right.minuteMs),
  };
}

function emptyMinute(start: number): MinuteCounts {
  return { minuteMs: start, count: 0, clientErrors: 0, serverErrors: 0, latencySumMs: 0, latencyMaxMs: 0 };
}
