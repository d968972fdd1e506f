/**
 * Host and SNI stay what the client asked for, whatever chain of aliases led it here. So each region's API answers for
 * every name of the environment: one wildcard certificate and one wildcard custom domain per region. The records that
 * point here belong to the routing, not to the API.
 */
import { domain, stage } from "./stage.ts";

const wildcard = `*.${domain}`;

function createCertificate() {
  const certificate = new aws.acm.Certificate("WildcardCertificate", {
    domainName: wildcard,
    validationMethod: "DNS",
  });
  if (!stage.isHome) {
    // The validation record is the same in every region and belongs to the home stage: two owners would clash, and
    // removing one region would break the renewal of all.
    return new aws.acm.CertificateValidation("WildcardCertificateIsValid", {
      certificateArn: certificate.arn,
    }).certificateArn;
  }
  const option = certificate.domainValidationOptions[0];
  const record = new aws.route53.Record(
    "WildcardCertificateValidation",
    {
      zoneId: aws.route53.getZoneOutput({ name: domain }).zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 300,
    },
    { retainOnDelete: stage.production },
  );
  return new aws.acm.CertificateValidation("WildcardCertificateIsValid", {
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  }).certificateArn;
}

/** The API's custom domain; none on a personal stage. */
export const apiDomain = domain
  ? { name: wildcard, dns: false as const, cert: createCertificate() }
  : undefined;
