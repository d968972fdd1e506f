import type { Place } from "./links.ts";

/** A person's machine, or anything else that is in no region. */
export const outside: Place = "outside";

/** The payment provider: one for all regions, in none of them. */
export const payments: Place = "payments";

/**
 * One-way delays between regions in ms: estimates of half a round trip, of the right order, not measured.
 * Nothing may lean on them.
 */
const oneWayMs: Readonly<Record<string, number>> = {
  "us-east-1|eu-west-1": 35,
  "us-east-1|ap-south-1": 97,
  "us-east-1|ap-east-1": 105,
  "eu-west-1|ap-south-1": 62,
  "eu-west-1|ap-east-1": 100,
  "ap-south-1|ap-east-1": 45,
};

/** For a pair that the table does not know: a middling distance. */
const unknownPairMs = 80;

/** Not regions, and at no distance from any. */
const placesApart: readonly Place[] = [outside, payments];

/**
 * The delay of a link that no fault has changed, one way, in ms. A person's machine is at no distance from any
 * region: calling a region from the laptop should feel like standing beside it. Nor is the payment provider, whose
 * distance nobody knows.
 */
export function defaultLagMs(from: Place, to: Place): number {
  if (from === to || placesApart.includes(from) || placesApart.includes(to)) return 0;
  return oneWayMs[`${from}|${to}`] ?? oneWayMs[`${to}|${from}`] ?? unknownPairMs;
}
