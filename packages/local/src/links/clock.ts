/** Time as one region sees it. Faults skew it; nothing in the local world reads the machine's clock otherwise. */
export interface WorldClock {
  /** ms since 1970 by that region's clock */
  now(region: string): number;
}
