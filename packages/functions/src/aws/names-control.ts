import { err, ok, type Result } from "@antipode/core";
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import type { Changed, NamesControl } from "../failover/ports.ts";
import type { Delay } from "../platform/clock.ts";
import { reasonOf } from "./reason.ts";

export interface NamesControlOptions {
  readonly client: Route53Client;
  readonly zoneId: string;
  readonly domain: string;
  readonly delay: Delay;
}

/** ms for one call with the SDK's attempts. */
const callWithinMs = 10_000;

/** Route 53 says that changes are everywhere within 60 seconds, as a rule. In all it is waited for no longer than that. */
const knownEveryMs = 5_000;
const knownLooks = 12;
const knownWithinMs = 65_000;

/** More than a name has records of: one a region, or two of a pair. */
const recordsMax = 100;

const within = () => ({ abortSignal: AbortSignal.timeout(callWithinMs) });

/** Records as they stand, of one name. */
async function recordsOf(
  { client, zoneId }: NamesControlOptions,
  name: string,
): Promise<readonly ResourceRecordSet[]> {
  const { ResourceRecordSets = [] } = await client.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: "CNAME",
      MaxItems: recordsMax,
    }),
    within(),
  );
  return ResourceRecordSets.filter(({ Name, Type }) => Name === `${name}.` && Type === "CNAME");
}

const targetOf = ({ ResourceRecords }: ResourceRecordSet) => ResourceRecords?.[0]?.Value?.replace(/\.$/, "");

/** A record of the pair that leads to a region, with that region's check; nothing when it does already. */
function changed(
  record: ResourceRecordSet,
  region: string,
  domain: string,
  checkId: string,
): ResourceRecordSet | undefined {
  const target = `${region}.${domain}`;
  return targetOf(record) === target && record.HealthCheckId === checkId
    ? undefined
    : { ...record, ResourceRecords: [{ Value: target }], HealthCheckId: checkId };
}

/**
 * Read before it is written, and both records in one batch. Which check a region has is read from its record of `api-open`: each
 * region's stage makes its own.
 */
export function createNamesControl(options: NamesControlOptions): NamesControl {
  const { client, zoneId, domain, delay } = options;

  async function lead(pair: Parameters<NamesControl["lead"]>[0]): Promise<Result<Changed, string>> {
    const [regions, records] = await Promise.all([
      recordsOf(options, `api-open.${domain}`),
      recordsOf(options, `failover.${domain}`),
    ]);
    const changes: ResourceRecordSet[] = [];
    for (const [role, region] of [
      ["PRIMARY", pair.primary],
      ["SECONDARY", pair.secondary],
    ] as const) {
      const record = records.find(({ Failover }) => Failover === role);
      const checkId = regions.find(({ SetIdentifier }) => SetIdentifier === region)?.HealthCheckId;
      if (record === undefined || checkId === undefined) {
        return err(record === undefined ? `failover.${domain} has no ${role}` : `${region} has no check`);
      }
      const next = changed(record, region, domain, checkId);
      changes.push(...(next === undefined ? [] : [next]));
    }
    const leads = `failover leads to ${pair.primary}, then ${pair.secondary}`;
    if (changes.length === 0) {
      return ok({ note: `${leads}, as it did` });
    }
    const Changes = changes.map((ResourceRecordSet) => ({ Action: "UPSERT" as const, ResourceRecordSet }));
    const answer = await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
      within(),
    );
    const ref = answer.ChangeInfo?.Id;
    return ok({ note: leads, ...(ref === undefined ? {} : { ref }) });
  }

  return {
    lead: (pair) => lead(pair).catch((error: unknown) => err(reasonOf(error))),

    async whenKnown(ref) {
      const abortSignal = AbortSignal.timeout(knownWithinMs);
      try {
        for (let looks = 0; looks < knownLooks; looks += 1) {
          const { ChangeInfo } = await client.send(new GetChangeCommand({ Id: ref }), { abortSignal });
          if (ChangeInfo?.Status === "INSYNC") {
            return ok({ note: `every name server knows of ${ref}` });
          }
          await delay(knownEveryMs);
        }
        return err(`${ref} is not known everywhere after ${(knownLooks * knownEveryMs) / 1_000} s`);
      } catch (error) {
        return err(reasonOf(error));
      }
    },
  };
}
