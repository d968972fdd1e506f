import { randomUUID } from "node:crypto";
import type { AwsError, ServiceResponse } from "../service.ts";
import { printedName } from "./dns-name.ts";
import type { RecordSet, Zone } from "./record-set.ts";
import { writeXml, type XmlContent } from "./xml.ts";

const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = ' xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';

/** Names that the front uses for every service, as Route 53 says them. */
const route53Codes: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
};

export function xmlResponse(
  name: string,
  content: XmlContent,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ServiceResponse {
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": randomUUID(), ...headers },
    body: xmlHead + writeXml(name, content, namespace),
  };
}

export function errorResponse(error: AwsError): ServiceResponse {
  const { code, status } = route53Codes[error.code] ?? error;
  const type = status < 500 ? "Sender" : "Receiver";
  const requestId = randomUUID();
  const members = [
    ["Type", type],
    ["Code", code],
    ["Message", error.message],
  ] as const;
  const content = [
    ["Error", members],
    ["RequestId", requestId],
  ] as const;
  return xmlResponse("ErrorResponse", content, status, { "x-amzn-requestid": requestId });
}

export function recordSetXml(set: RecordSet): XmlContent {
  const { content } = set;
  const values = content.type === "values" ? content.values : undefined;
  return [
    ["Name", printedName(set.name)],
    ["Type", set.type],
    ...routingXml(set),
    ["TTL", content.type === "values" ? content.ttlSeconds : undefined],
    ["ResourceRecords", values?.map((value) => ["ResourceRecord", [["Value", value]]] as const)],
    [
      "AliasTarget",
      content.type === "values"
        ? undefined
        : [
            ["HostedZoneId", content.zoneId],
            ["DNSName", content.target],
            ["EvaluateTargetHealth", content.evaluateTargetHealth],
          ],
    ],
    ["HealthCheckId", set.healthCheckId],
  ];
}

type Fields = readonly (readonly [string, XmlContent | undefined])[];

function routingXml({ routing }: RecordSet): Fields {
  if (routing.policy === "simple") return [];
  const identifier = ["SetIdentifier", routing.setIdentifier] as const;
  switch (routing.policy) {
    case "weighted":
      return [identifier, ["Weight", routing.weight]];
    case "latency":
      return [identifier, ["Region", routing.region]];
    case "failover":
      return [identifier, ["Failover", routing.role]];
    case "geolocation": {
      const { location } = routing;
      if (location.type === "continent")
        return [identifier, ["GeoLocation", [["ContinentCode", location.code]]]];
      const country = location.type === "default" ? "*" : location.code;
      return [identifier, ["GeoLocation", [["CountryCode", country]]]];
    }
  }
}

export function hostedZoneXml(zone: Zone): XmlContent {
  return [
    ["Id", `/hostedzone/${zone.id}`],
    ["Name", zone.name],
    ["CallerReference", zone.id],
    ["Config", [["PrivateZone", false]]],
    ["ResourceRecordSetCount", zone.recordSets.length],
  ];
}
