import type { Place } from "./links.ts";

/** A person's machine, or anything else that is in no region. */
export const outside: Place = "outside";

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

/**
 * The delay of a link that no fault has changed, one way, in ms. A person's machine is at no distance from any
 * region: calling a region from the laptop should feel like standing beside it.
 */
export function defaultLagMs(from: Place, to: Place): number {
  if (from === to || from === outside || to === outside) return 0;
  return oneWayMs[`${from}|${to}`] ?? oneWayMs[`${to}|${from}`] ?? unknownPairMs;
}
