/** What an edge location did since its start. */
export interface EdgeCounts {
  readonly requests: number;
  readonly hits: number;
  readonly refreshHits: number;
  readonly misses: number;
  /** Answers of 500 and above, the edge's own included. */
  readonly errors: number;
  /** Requests that the second origin of a group answered. */
  readonly failovers: number;
}

export interface EdgeCounters {
  count(what: keyof EdgeCounts): void;
  read(): EdgeCounts;
}

export function createEdgeCounters(): EdgeCounters {
  const counts = { requests: 0, hits: 0, refreshHits: 0, misses: 0, errors: 0, failovers: 0 };
  return {
    count(what) {
      counts[what] += 1;
    },
    read: () => ({ ...counts }),
  };
}
