/**
 * Host and SNI stay what the client asked for, whatever chain of aliases led it here. So each region's API answers for
 * every name of the environment: one wildcard certificate and one wildcard custom domain per region. The records that
 * point here belong to the routing, not to the API.
 */
import { domain, stage } from "./stage.ts";

export const wildcard = `*.${domain}`;

/** Minutes are usual; longer means that nobody delegates to the zone, and someone is waiting for the answer. */
const validatedWithin = "15m";

function createCertificate() {
  return new aws.acm.Certificate("WildcardCertificate", {
    domainName: wildcard,
    validationMethod: "DNS",
  });
}

/**
 * The same for the certificates of every region, and for the domain's own name. It belongs to the home stage: two owners would
 * clash, and removing one region would break the renewal of all.
 */
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

const certificate = domain ? createCertificate() : undefined;
const validationRecord = certificate && stage.isHome ? createValidationRecord(certificate) : undefined;

/** The certificate's ARN, once it is valid. */
export function whenValid(name: string, { arn }: aws.acm.Certificate) {
  return new aws.acm.CertificateValidation(
    name,
    {
      certificateArn: arn,
      ...(validationRecord ? { validationRecordFqdns: [validationRecord.fqdn] } : {}),
    },
    { customTimeouts: { create: validatedWithin } },
  ).certificateArn;
}

/** The API's custom domain; none on a personal stage. */
export const apiDomain = certificate
  ? { name: wildcard, dns: false as const, cert: whenValid("WildcardCertificateIsValid", certificate) }
  : undefined;
