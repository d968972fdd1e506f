import type { AuthorizationNeed, ServiceRequest } from "../service.ts";
import { readChanges } from "./change-batch.ts";
import { printedName } from "./dns-name.ts";
import { parseCall } from "./operation.ts";
import { parseXml } from "./xml.ts";

/**
 * What a request needs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html.
 * Throws `InvalidInput` when its changes cannot be read.
 */
export function needsOf(request: ServiceRequest): readonly AuthorizationNeed[] {
  const { operation, id } = parseCall(request);
  const one = (resource: string) => [{ action: `route53:${operation}`, resource }];
  switch (operation) {
    case undefined:
      return [];
    case "ListHostedZonesByName":
    case "CreateHealthCheck":
      return one("*");
    case "GetChange":
      return one(`arn:aws:route53:::change/${id}`);
    case "ListResourceRecordSets":
    case "GetHostedZone":
      return one(`arn:aws:route53:::hostedzone/${id}`);
    case "ChangeResourceRecordSets": {
      const [need] = one(`arn:aws:route53:::hostedzone/${id}`);
      return need === undefined ? [] : [{ ...need, context: changeContext(request) }];
    }
    case "UpdateHealthCheck":
    case "GetHealthCheck":
    case "GetHealthCheckStatus":
      return one(`arn:aws:route53:::healthcheck/${id}`);
  }
}

/** A policy may pin names, types and actions: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html */
function changeContext(request: ServiceRequest): NonNullable<AuthorizationNeed["context"]> {
  const body = parseXml(request.body.toString("utf8"));
  const changes = body === undefined ? [] : readChanges(body);
  const key = (name: string) => `route53:ChangeResourceRecordSets${name}`;
  return {
    [key("NormalizedRecordNames")]: changes.map(({ recordSet }) => printedName(recordSet.name).slice(0, -1)),
    [key("RecordTypes")]: changes.map(({ recordSet }) => recordSet.type),
    [key("Actions")]: changes.map(({ action }) => action),
  };
}
