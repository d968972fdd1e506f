import type { ServiceRequest } from "../service.ts";

const operations = [
  ["POST", "hostedzone/{id}/rrset", "ChangeResourceRecordSets"],
  ["GET", "hostedzone/{id}/rrset", "ListResourceRecordSets"],
  ["GET", "hostedzone/{id}", "GetHostedZone"],
  ["GET", "hostedzonesbyname", "ListHostedZonesByName"],
  ["GET", "change/{id}", "GetChange"],
  ["POST", "healthcheck", "CreateHealthCheck"],
  ["POST", "healthcheck/{id}", "UpdateHealthCheck"],
  ["GET", "healthcheck/{id}", "GetHealthCheck"],
  ["GET", "healthcheck/{id}/status", "GetHealthCheckStatus"],
] as const;

export type OperationName = (typeof operations)[number][2];

export interface Route53Call {
  /** Nothing for what is not built. */
  readonly operation: OperationName | undefined;
  /** Of the zone, change or check in the path; empty when there is none. */
  readonly id: string;
}

const version = "/2013-04-01/";

export function parseCall({ method, path }: ServiceRequest): Route53Call {
  const parts = path.startsWith(version) ? path.slice(version.length).split("/") : [];
  for (const [wantedMethod, pattern, operation] of operations) {
    const wanted = pattern.split("/");
    const fits =
      wanted.length === parts.length &&
      wanted.every((part, index) => part === "{id}" || part === parts[index]);
    const idAt = wanted.indexOf("{id}");
    if (fits && method === wantedMethod) return { operation, id: decodeURIComponent(parts[idAt] ?? "") };
  }
  return { operation: undefined, id: "" };
}
