/**
 * The names that lead to the regions, one name per routing policy, since Route 53 refuses two on one. Each stage owns the
 * records that lead to its own region, so a region that is removed takes nobody else's along.
 *
 * A client that asks for `api.<domain>` says so all the way, whatever chain leads it: every region's API answers for every
 * name (domain.ts).
 */
import { api } from "./api.ts";
import { openCheck } from "./health-checks.ts";
import { europeanAnswers } from "./residency.ts";
import { domain, residency, stage } from "./stage.ts";

/**
 * Seconds that a client may keep an answer after the checks have found its region gone. An alias to an API Gateway would
 * make it 60, so names that move shoppers are CNAMEs to the region's name.
 */
const movingTtl = 10;

/** Seconds, of a name that leads to a name and never changes. */
const steadyTtl = 60;

const fqdn = (label: string) => `${label}.${domain}`;

const nearestTo = (region: string) => ({ latencyRoutingPolicies: [{ region }], setIdentifier: region });

const failoverAs = (type: "PRIMARY" | "SECONDARY") => ({
  failoverRoutingPolicies: [{ type }],
  setIdentifier: type.toLowerCase(),
});

type Args = Omit<aws.route53.RecordArgs, "zoneId" | "name" | "type"> & {
  type?: "A" | "CNAME";
};

function createRecords(openId: $util.Input<string>) {
  const zoneId = aws.route53.getZoneOutput({ name: domain }).zoneId;

  const record = (resource: string, label: string, args: Args, after: aws.route53.Record[] = []) =>
    new aws.route53.Record(
      resource,
      {
        zoneId,
        name: fqdn(label),
        type: "CNAME",
        allowOverwrite: true, // a stage that is deployed again finds the records it left
        ...args,
      },
      { dependsOn: after },
    );

  /** Leads here while this region is open, or while none that the name could lead to is. */
  const toThisRegion = (resource: string, label: string, policy: Args) =>
    record(resource, label, {
      ttl: movingTtl,
      records: [fqdn(stage.region)],
      healthCheckId: openId,
      ...policy,
    });

  const toName = (label: string) => ({
    aliases: [{ name: fqdn(label), zoneId, evaluateTargetHealth: true }],
  });

  createRegionRecord(record);
  const api = toThisRegion("ApiRecord", "api", nearestTo(stage.region));
  for (const { name } of stage.regions.filter(({ partner }) => partner === stage.region)) {
    toThisRegion(`AltRecord-${name}`, "alt", nearestTo(name));
  }
  const [home] = stage.regions;
  if (stage.isHome) {
    toThisRegion("FailoverRecord", "failover", failoverAs("PRIMARY"));
  } else if (home.partner === stage.region) {
    toThisRegion("FailoverRecord", "failover", failoverAs("SECONDARY"));
  }

  const inEurope = stage.regions.filter(({ continent }) => continent === "EU");
  if (inEurope.some(({ name }) => name === stage.region)) {
    const only = toThisRegion("EuropeOnlyRecord", "eu-only", nearestTo(stage.region));
    if (inEurope[0].name === stage.region) {
      for (const { to, failover } of europeanAnswers(residency)) {
        const policy = failover ? failoverAs(failover) : {};
        record(`EuropeRecord-${to}`, "eu", { ...toName(to), ...policy }, [only, api]);
      }
    }
  }
  if (stage.isHome) {
    createContinentRecords(record);
  }
}

type CreateRecord = (resource: string, label: string, args: Args) => unknown;

/** The region itself, whatever its health: for checks, probes, direct calls and clients that try elsewhere. */
function createRegionRecord(record: CreateRecord) {
  const target = api.nodes.domainName.domainNameConfiguration;
  record("RegionRecord", stage.region, {
    type: "A",
    aliases: [
      {
        name: target.targetDomainName,
        zoneId: target.hostedZoneId,
        evaluateTargetHealth: false,
      },
    ],
  });
}

/** No alias: the names that they lead to are other stages', which come later. */
function createContinentRecords(record: CreateRecord) {
  const leads = (key: string, to: string, policy: { continent?: string; country?: string }) =>
    record(`GeoRecord-${key}`, "geo", {
      ttl: steadyTtl,
      records: [fqdn(to)],
      setIdentifier: key,
      geolocationRoutingPolicies: [policy],
    });
  const continents = [...new Set(stage.regions.map(({ continent }) => continent))];
  for (const continent of continents) {
    leads(continent, continent === "EU" ? "eu" : "api", { continent });
  }
  leads("default", "api", { country: "*" }); // who is on none of them, or whose place nobody knows
}

if (domain && openCheck) createRecords(openCheck.id);
