/**
 * The names that lead to the regions, one name per routing policy, since Route 53 refuses two on one. Each stage owns the
 * records that lead to its own region, so a region that is removed takes nobody else's along; what leads to names is the home
 * stage's, and Europe's first.
 *
 * Only `api` leads to a region that comes back by a share. `alt` and `failover` are where the first answer has failed, and
 * must not lead to that one again.
 *
 * A client that asks for `api.<domain>` says so all the way, whatever chain leads it: every region's API answers for every
 * name (domain.ts).
 */
import { api } from "./api.ts";
import { routingChecks } from "./health-checks.ts";
import { europeanAnswers } from "./residency.ts";
import { domain, residency, stage } from "./stage.ts";

/**
 * Seconds that a client may keep an answer after the checks have found its region gone. An alias to an API Gateway would
 * make it 60, so names that move shoppers are CNAMEs to the region's name.
 */
const movingTtl = 10;

/** Seconds, of a name that leads to a name and never changes. */
const steadyTtl = 60;

/**
 * Of the shoppers near to a region that comes back: one in four is led there, the others where they went while it was out. By
 * answer, not by shopper: who asks again after `movingTtl` may be led elsewhere, which any region bears.
 */
const weights = { open: 1, whole: 3 };

const fqdn = (label: string) => `${label}.${domain}`;

const nearestTo = (region: string) => ({ latencyRoutingPolicies: [{ region }], setIdentifier: region });

const failoverAs = (type: "PRIMARY" | "SECONDARY") => ({
  failoverRoutingPolicies: [{ type }],
  setIdentifier: type.toLowerCase(),
});

type Args = Omit<aws.route53.RecordArgs, "zoneId" | "name" | "type"> & {
  type?: "A" | "CNAME";
};

const zoneId = domain ? aws.route53.getZoneOutput({ name: domain }).zoneId : "";

function record(resource: string, label: string, args: Args, options: $util.CustomResourceOptions = {}) {
  return new aws.route53.Record(
    resource,
    {
      zoneId,
      name: fqdn(label),
      type: "CNAME",
      allowOverwrite: true, // a stage that is deployed again finds the records it left
      ...args,
    },
    options,
  );
}

/** Leads here while the check says so, or while none that the name could lead to is healthy. */
function toThisRegion(resource: string, label: string, { id }: aws.route53.HealthCheck, policy: Args) {
  const here = { ttl: movingTtl, records: [fqdn(stage.region)], healthCheckId: id };
  return record(resource, label, { ...here, ...policy });
}

const toName = (label: string) => ({
  aliases: [{ name: fqdn(label), zoneId, evaluateTargetHealth: true }],
});

function createRecords({ open, whole }: NonNullable<typeof routingChecks>) {
  createRegionRecord();
  createApiRecords({
    open: toThisRegion("OpenRecord", "api-open", open, nearestTo(stage.region)),
    whole: toThisRegion("WholeRecord", "api-whole", whole, nearestTo(stage.region)),
  });
  for (const { name } of stage.regions.filter(({ partner }) => partner === stage.region)) {
    toThisRegion(`AltRecord-${name}`, "alt", open, nearestTo(name));
  }
  const [home] = stage.regions;
  if (stage.isHome) {
    toThisRegion("FailoverRecord", "failover", open, failoverAs("PRIMARY"));
  } else if (home.partner === stage.region) {
    toThisRegion("FailoverRecord", "failover", open, failoverAs("SECONDARY"));
  }
  const inEurope = stage.regions.filter(({ continent }) => continent === "EU");
  if (inEurope.some(({ name }) => name === stage.region)) {
    const only = toThisRegion("EuropeOnlyRecord", "eu-only", open, nearestTo(stage.region));
    if (inEurope[0].name === stage.region) {
      createEuropeRecords(only);
    }
  }
  if (stage.isHome) {
    createContinentRecords();
  }
}

/**
 * The nearest region of those that are open for a share of the answers, and of those that take all their shoppers for the
 * rest. Where none is in the one set Route 53 answers from the other; where none is in either, as if all were.
 */
function createApiRecords(nearest: { [which in keyof typeof weights]: aws.route53.Record }) {
  if (!stage.isHome) {
    return;
  }
  for (const which of ["open", "whole"] as const) {
    record(
      `ApiRecord-${which}`,
      "api",
      {
        ...toName(`api-${which}`),
        weightedRoutingPolicies: [{ weight: weights[which] }],
        setIdentifier: which,
      },
      { dependsOn: [nearest[which]], retainOnDelete: stage.production }, // the others' records are behind it
    );
  }
}

/** Nobody comes back by a share here: with one region in Europe the rest would have to leave it. */
function createEuropeRecords(only: aws.route53.Record) {
  for (const { to, failover } of europeanAnswers(residency)) {
    const policy = failover ? failoverAs(failover) : {};
    record(`EuropeRecord-${to}`, "eu", { ...toName(to), ...policy }, { dependsOn: [only] });
  }
}

/** The region itself, whatever its health: for checks, probes, direct calls and clients that try elsewhere. */
function createRegionRecord() {
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
function createContinentRecords() {
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

if (routingChecks) createRecords(routingChecks);
