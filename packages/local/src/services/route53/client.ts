/** What Route 53 knows of who asks. */
export interface ClientLocation {
  /** Two letters, as Route 53 names continents: AF, AN, AS, EU, NA, OC, SA. */
  readonly continent?: string;
  /** Two letters, ISO 3166-1. */
  readonly country?: string;
  /** Round trip to each region; one that is missing is farther than all others. */
  readonly latencyMsByRegion: Readonly<Record<string, number>>;
}
