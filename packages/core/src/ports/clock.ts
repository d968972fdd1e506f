/** Time as the region sees it. Nothing in the domain reads the machine's clock. */
export interface Clock {
  /** ms since 1970 */
  nowMs(): number;
}
