import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { type DnsName, parseDnsName } from "../services/route53/dns-name.ts";
import type { HostedZoneId, RecordSet } from "../services/route53/record-set.ts";
import { applyChanges, emptyZone } from "../services/route53/zone.ts";
import type { AliasTarget } from "./alias-targets.ts";
import type { PlannedHealthCheck } from "./health-checks.ts";
import { type PlannedRecord, planRecord, recordType } from "./record-sets.ts";

const zoneLookup = "aws:route53/getZone:getZone";

/** A zone with all that the stages put into it. */
export interface PlannedZone {
  readonly id: HostedZoneId;
  readonly name: DnsName;
  readonly recordSets: readonly RecordSet[];
}

export interface ZoneParts {
  readonly healthChecks: readonly PlannedHealthCheck[];
  readonly aliasTargets: readonly AliasTarget[];
}

/** The zones that records name, each taken as a whole by Route 53's own rules, or refused by naming a record. */
export function planZones(index: GraphIndex, parts: ZoneParts): PlannedZone[] {
  const records = index.all(recordType).map(planRecord);
  for (const { resource, recordSet } of records) {
    const { healthCheckId } = recordSet;
    if (healthCheckId !== undefined && !parts.healthChecks.some(({ id }) => id === healthCheckId))
      throw dangling(resource, `health check ${healthCheckId}`);
  }
  return [...Map.groupBy(records, ({ zoneId }) => zoneId)].map(([id, own]) => {
    const name = zoneName(index, id, own);
    requireAccepted({ id, name }, own, parts.aliasTargets);
    return { id, name, recordSets: own.map(({ recordSet }) => recordSet) };
  });
}

/** Zones are there before any stage: the stages look them up. */
function zoneName(index: GraphIndex, id: HostedZoneId, [record]: readonly PlannedRecord[]): DnsName {
  const lookups = index.graphs.flatMap((graph) => graph.lookups ?? []);
  const found = lookups.find(
    ({ token, result }) => token === zoneLookup && result.arn?.endsWith(`:hostedzone/${id}`),
  );
  const name = parseDnsName(found?.name ?? "");
  if (name.ok) return name.value;
  if (record === undefined) throw new GraphError(`nothing is known of zone ${id}`);
  throw dangling(record.resource, `hosted zone ${id}`);
}

function requireAccepted(
  { id, name }: Pick<PlannedZone, "id" | "name">,
  records: readonly PlannedRecord[],
  aliasTargets: readonly AliasTarget[],
): void {
  const isTarget = (zoneId: HostedZoneId, target: DnsName) =>
    aliasTargets.some((one) => one.zoneId === zoneId && one.target === target);
  const faultsOf = (some: readonly PlannedRecord[]): readonly string[] => {
    const changes = some.map(({ recordSet }) => ({ action: "CREATE", recordSet }) as const);
    const made = applyChanges(emptyZone(id, name, "ns.test."), changes, isTarget);
    return made.ok ? [] : made.error.messages;
  };
  const [fault] = faultsOf(records);
  if (fault === undefined) return;
  // The rules speak of names, which several resources may share: to blame is the one without which least is wrong.
  const blamed = records
    .map((record) => ({ record, left: faultsOf(records.filter((other) => other !== record)).length }))
    .sort((a, b) => a.left - b.left)[0]?.record;
  throw new GraphError(
    `Route 53 would refuse ${blamed?.resource.name} (${recordType}) in ${blamed?.resource.region}: ${fault}`,
  );
}
