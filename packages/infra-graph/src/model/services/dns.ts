import type { JsonObject } from "../../format.ts";
import { type ModelContext, type ProviderOutputs, type ResourceModels, sha256, uuidOf } from "../model.ts";

/** One validation record per name; AWS asks for the same one in each region and for `x` and `*.x`. */
function validationOptions(names: readonly string[]): JsonObject[] {
  return names.map((domainName) => {
    const bare = domainName.replace(/^\*\./, "");
    return {
      domainName,
      resourceRecordName: `_${sha256(bare).slice(0, 32)}.${bare}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${sha256(`${bare}/value`).slice(0, 32)}.acm-validations.aws.`,
    };
  });
}

function certificateOutputs(context: ModelContext): ProviderOutputs {
  const arn = context.arn("acm", `certificate/${uuidOf(context)}`);
  const domainName = context.given("domainName") ?? "";
  const others = context.inputs["subjectAlternativeNames"];
  const names = [domainName, ...(Array.isArray(others) ? others.map(String) : [])];
  return { id: arn, arn, domainName, domainValidationOptions: validationOptions([...new Set(names)]) };
}

function recordId(context: ModelContext): string {
  const parts = ["zoneId", "name", "type", "setIdentifier"].flatMap((field) => context.given(field) ?? []);
  return parts.join("_");
}

/** Route 53 and ACM. */
export const dnsModels: ResourceModels = {
  "aws:acm/certificate:Certificate": {
    outputs: certificateOutputs,
    inputs: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
    wiring: ["domainValidationOptions"],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    outputs: (context) => ({
      id: `${context.given("certificateArn") ?? ""} validated`,
      certificateArn: context.given("certificateArn") ?? "",
    }),
    inputs: ["certificateArn", "validationRecordFqdns"],
  },
  "aws:route53/record:Record": {
    global: true,
    outputs: (context) => ({ id: recordId(context), fqdn: (context.given("name") ?? "").replace(/\.$/, "") }),
    inputs: [
      "zoneId",
      "name",
      "type",
      "ttl",
      "records",
      "aliases",
      "setIdentifier",
      "healthCheckId",
      "latencyRoutingPolicies",
      "failoverRoutingPolicies",
      "geolocationRoutingPolicies",
      "weightedRoutingPolicies",
      "allowOverwrite",
    ],
  },
  "aws:route53/healthCheck:HealthCheck": {
    global: true,
    outputs: (context) => {
      const id = uuidOf(context);
      return { id, arn: context.arn("route53", `healthcheck/${id}`, { region: "", account: "" }) };
    },
    inputs: [
      "type",
      "fqdn",
      "ipAddress",
      "port",
      "resourcePath",
      "failureThreshold",
      "requestInterval",
      "enableSni",
      "regions",
      "invertHealthcheck",
      "childHealthchecks",
      "childHealthThreshold",
      "disabled",
      "searchString",
      "tags",
    ],
  },
};
