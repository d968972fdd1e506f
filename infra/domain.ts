/**
 * Host and SNI stay what the client asked for, whatever chain of aliases led it here. So each region's API answers for
 * every name of the environment: one wildcard certificate and one wildcard custom domain per region. The records that
 * point here belong to the routing, not to the API.
 */
import { domain, stage } from "./stage.ts";

const wildcard = `*.${domain}`;

/** Minutes are usual; longer means that nobody delegates to the zone, and someone is waiting for the answer. */
const validatedWithin = "15m";

function createCertificate() {
  const certificate = new aws.acm.Certificate("WildcardCertificate", {
    domainName: wildcard,
    validationMethod: "DNS",
  });
  // The validation record is the same in every region and belongs to the home stage: two owners would clash, and
  // removing one region would break the renewal of all.
  const record = stage.isHome ? createValidationRecord(certificate) : undefined;
  return new aws.acm.CertificateValidation(
    "WildcardCertificateIsValid",
    {
      certificateArn: certificate.arn,
      ...(record ? { validationRecordFqdns: [record.fqdn] } : {}),
    },
    { customTimeouts: { create: validatedWithin } },
  ).certificateArn;
}

function createValidationRecord(certificate: aws.acm.Certificate) {
  const option = certificate.domainValidationOptions[0];
  return new aws.route53.Record(
    "WildcardCertificateValidation",
    {
      zoneId: aws.route53.getZoneOutput({ name: domain }).zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true, // a home stage that is deployed again finds the record it left
    },
    { retainOnDelete: stage.production },
  );
}

/** The API's custom domain; none on a personal stage. */
export const apiDomain = domain
  ? { name: wildcard, dns: false as const, cert: createCertificate() }
  : undefined;
