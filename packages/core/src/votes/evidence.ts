/**
 * Alarms that say how shoppers fare in the region that raises them: what other regions may vote by. All the others are
 * people's: who watches another region, an order or money says nothing of how its own region serves, and a region that
 * reached its limits would only be joined by those that take its shoppers.
 */
export const evidenceAlarms = ["ApiErrors", "ApiLatency", "ShopThrottles", "TableErrors"] as const;
export type EvidenceAlarm = (typeof evidenceAlarms)[number];

/** Where an alarm was raised, and for which environment. */
export interface AlarmPlace {
  readonly environment: string;
  readonly region: string;
}

/**
 * What an alarm of an environment's region is called in it, if it is evidence: `ApiErrors` of
 * `antipode-prod-eu-west-1-ApiErrors`. An alarm that is named for another region than the one that raises it is none: it
 * observes.
 */
export function evidenceOf(
  alarmName: string,
  { environment, region }: AlarmPlace,
): EvidenceAlarm | undefined {
  return evidenceAlarms.find((name) => alarmName === `antipode-${environment}-${region}-${name}`);
}
