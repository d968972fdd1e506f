import type { DnsName } from "./dns-name.ts";
import { groupOf, type HealthCheckId, type RecordSet, type Zone } from "./record-set.ts";

export type IsCheckHealthy = (id: HealthCheckId) => boolean;

/**
 * Whether Route 53 takes a set for healthy: its own check says so, if it has one, and for an alias that evaluates its
 * target some set of the target is healthy. What nobody checks is healthy, a target in another zone too.
 */
export function isRecordSetHealthy(
  zone: Zone,
  set: RecordSet,
  isCheckHealthy: IsCheckHealthy,
  seen: readonly DnsName[] = [],
): boolean {
  if (set.healthCheckId !== undefined && !isCheckHealthy(set.healthCheckId)) return false;
  if (set.content.type === "values" || !set.content.evaluateTargetHealth) return true;
  const { zoneId, target } = set.content;
  if (zoneId !== zone.id) return true;
  if (seen.includes(target)) return false; // aliases in a circle lead nowhere
  return groupOf(zone, target, set.type).some((next) =>
    isRecordSetHealthy(zone, next, isCheckHealthy, [...seen, set.name, target]),
  );
}
