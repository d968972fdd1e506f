import { type Figure, figure } from "../figure.ts";
import type { Usage } from "./meter.ts";

/** What two ways ask of a store for the same, as figures; a count that neither has is left out. */
export function compared(
  title: string,
  own: Usage,
  { peer, ...other }: Usage & { readonly peer: string },
): readonly Figure[] {
  const counts = [
    ["round trips", own.roundTrips, other.roundTrips],
    ["read units", own.readUnits, other.readUnits],
    ["write units", own.writeUnits, other.writeUnits],
  ] as const;
  return counts
    .filter(([, mine, theirs]) => mine > 0 || theirs > 0)
    .map(([unit, mine, theirs]) => figure(title, unit, mine, peer, theirs));
}
