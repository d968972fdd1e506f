import type { ClientLocation } from "./client.ts";
import type { GeoLocation, RecordSet } from "./record-set.ts";

export interface Choice {
  readonly client: ClientLocation;
  /** From 0 (included) to 1 (excluded): what decides between weights. */
  readonly chance: number;
  readonly isHealthy: (set: RecordSet) => boolean;
}

/**
 * The set of a group that Route 53 answers with: the first by its policy that is healthy, and when none is, the first
 * as if all were. Nothing when the policy has none for this client, as geolocation without a default.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */
export function chooseRecordSet(group: readonly RecordSet[], choice: Choice): RecordSet | undefined {
  const ranked = ranking(group, choice.client);
  const healthy = ranked.map((tier) => tier.filter(choice.isHealthy)).find((tier) => tier.length > 0);
  return pickByWeight(healthy ?? ranked[0] ?? [], choice.chance);
}

/** Whether the answer may differ from client to client. */
export function dependsOnClient(group: readonly RecordSet[]): boolean {
  return group.some(({ routing }) => routing.policy === "latency" || routing.policy === "geolocation");
}

/** All sets that may answer this client, best first; those of one tier are equals but for their weights. */
function ranking(group: readonly RecordSet[], client: ClientLocation): readonly (readonly RecordSet[])[] {
  const tiers = new Map<number, RecordSet[]>();
  for (const set of [...group].sort(byIdentifier)) {
    const rank = rankOf(set, client);
    if (rank === undefined) continue;
    tiers.set(rank, [...(tiers.get(rank) ?? []), set]);
  }
  const ordered = [...tiers].sort(([left], [right]) => left - right).map(([, sets]) => sets);
  // Only weights choose within a tier; two regions at the same distance are still told apart, always alike.
  return ordered.flatMap((sets) =>
    sets[0]?.routing.policy === "weighted" ? [sets] : sets.map((set) => [set]),
  );
}

/** Lower is better; nothing is never. */
function rankOf({ routing }: RecordSet, client: ClientLocation): number | undefined {
  switch (routing.policy) {
    case "simple":
    case "weighted":
      return 0;
    case "latency":
      return client.latencyMsByRegion[routing.region] ?? Number.POSITIVE_INFINITY;
    case "failover":
      return routing.role === "PRIMARY" ? 0 : 1;
    case "geolocation":
      return geoRank(routing.location, client);
  }
}

/** The smallest place that holds the client comes first. */
function geoRank(location: GeoLocation, client: ClientLocation): number | undefined {
  switch (location.type) {
    case "country":
      return location.code === client.country ? 0 : undefined;
    case "continent":
      return location.code === client.continent ? 1 : undefined;
    case "default":
      return 2;
  }
}

function weightOf({ routing }: RecordSet): number {
  return routing.policy === "weighted" ? routing.weight : 0;
}

function pickByWeight(sets: readonly RecordSet[], chance: number): RecordSet | undefined {
  const total = sets.reduce((sum, set) => sum + weightOf(set), 0);
  // A weight of 0 has no share beside others; weights that are all 0 are all alike.
  if (total === 0) return sets[Math.floor(chance * sets.length)];
  let left = chance * total;
  return sets.find((set) => {
    left -= weightOf(set);
    return left < 0;
  });
}

function byIdentifier(left: RecordSet, right: RecordSet): number {
  const [a, b] = [identifier(left), identifier(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function identifier({ routing }: RecordSet): string {
  return routing.policy === "simple" ? "" : routing.setIdentifier;
}
