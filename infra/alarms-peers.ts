/**
 * What this region sees of the others, and what Route 53 sees of this one. Observers are no evidence (the prober's looks
 * are), and one fault has several: so only the partner of a region tells people of it.
 */
import { alarm, mathAlarm, own } from "./alarm.ts";
import { routingChecks } from "./health-checks.ts";
import { accountId, environmentName, regionName, stage, stageName } from "./stage.ts";
import { globalTables } from "./tables.ts";

const tables = Object.keys(globalTables);
const peers = stage.regions.filter(({ name }) => name !== stage.region);

/** Route 53's metrics are in this region alone, whatever they are about. */
const route53Region = "us-east-1";

function watchPeer({ name, partner }: (typeof peers)[number]) {
  const isPartner = partner === stage.region;
  const failing = alarm(`PeerFailing-${name}`, {
    runbook: "region-closed",
    says: `Most looks at ${name} from here fail.`,
    metric: own("Prober", "ProbeFailures", "Average", { of: name }),
    above: 0.5,
    minutes: 3,
    missing: "notBreaching", // ProberSilent says that
    // Where Route 53's metrics are lost with the region, nobody else tells.
    tells: isPartner && name === route53Region ? "people" : "composite",
  });
  const slow = mathAlarm(`ReplicationSlow-${name}`, {
    runbook: "replication-behind",
    says: `Writes of this region take longer than half a minute to ${name}, or do not arrive.`,
    metrics: Object.fromEntries(
      tables.map((table, at) => [
        `m${at}`,
        {
          namespace: "AWS/DynamoDB",
          metricName: "ReplicationLatency",
          dimensions: { TableName: environmentName(table), ReceivingRegion: name },
          stat: "Average",
        },
      ]),
    ),
    expression: `MAX([${tables.map((_, at) => `m${at}`).join(", ")}])`,
    above: 30_000,
    minutes: 5,
    missing: "breaching", // the prober writes to Control every ten seconds
    tells: "composite",
  });
  return { failing, slow, isPartner };
}

export const watchedPeers = peers.map(watchPeer);

if (routingChecks) {
  const people = $interpolate`arn:aws:sns:${route53Region}:${accountId}:${regionName(route53Region, "Alarms")}`;
  new aws.cloudwatch.MetricAlarm("RegionClosed", {
    region: route53Region,
    name: stageName("RegionClosed"),
    alarmDescription:
      "Route 53 sends no shoppers to this region. Runbook: docs/operating/runbooks/region-closed.md",
    namespace: "AWS/Route53",
    metricName: "HealthCheckStatus",
    dimensions: { HealthCheckId: routingChecks.open.id },
    statistic: "Minimum",
    period: 60,
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    treatMissingData: "breaching",
    alarmActions: [people],
    okActions: [people],
  });
}
