/**
 * The one list of regions. Infrastructure, functions, the local world and the tests loop over it.
 *
 * The first region is the home region: its stage owns what exists once per environment. Never put another one first:
 * the old home would delete the global tables that the new one does not own yet. How a region leaves or comes back is
 * in docs/operating/deploy.md.
 */
export interface RegionEntry {
  readonly name: string;
  /**
   * Counts the lives of this region's replica, from 1. A replica that was removed and created again has forgotten
   * its counters, so it must write as a new origin: raise this number in the same change that re-creates it.
   */
  readonly incarnation: number;
  /** Two-letter continent as Route 53 geolocation names it. */
  readonly continent: "NA" | "EU" | "AS";
  /** Opt-in regions must be enabled in the account, and cannot be called by SNS from default regions. */
  readonly optIn: boolean;
  /** Answers where this region is the nearest and does not: under `alt.<domain>`, the CDN's second origin. Never the region itself. */
  readonly partner: string;
}

export const regions = [
  { name: "us-east-1", incarnation: 1, continent: "NA", optIn: false, partner: "eu-west-1" },
  { name: "eu-west-1", incarnation: 1, continent: "EU", optIn: false, partner: "us-east-1" },
  { name: "ap-south-1", incarnation: 1, continent: "AS", optIn: false, partner: "ap-east-1" },
  { name: "ap-east-1", incarnation: 1, continent: "AS", optIn: true, partner: "ap-south-1" },
] as const satisfies readonly RegionEntry[];

export type RegionName = (typeof regions)[number]["name"];

export const homeRegion: RegionName = regions[0].name;

export function isRegionName(name: string): name is RegionName {
  return regions.some((region) => region.name === name);
}
