/** The numbers of leases and fences. */
export interface LeaseSettings {
  /** ms that a region may sell after the last of its beats that a majority has echoed. */
  readonly leaseMs: number;
  /**
   * ms that two regions' clocks may be apart, with the time between a look at the lease and the end of the write it
   * allowed. A clock that is set while the region runs counts with its whole jump.
   */
  readonly driftMs: number;
  /** Newest beats whose times are kept, beside the last one that a majority has echoed. */
  readonly beatsKept: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const defaultLeaseSettings: LeaseSettings = {
  leaseMs: 12 * hourMs, // below the 20 hours after which DynamoDB drops a replica that cannot be reached
  driftMs: 10 * minuteMs, // regions' clocks are within a second; the rest is for a call that takes its longest
  beatsKept: 30, // an echo is a few beats behind; half an hour of a beat a minute
};
