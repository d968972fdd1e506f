import type { ServiceRequest } from "../service.ts";

const operations = [
  ["GET", "distribution", "ListDistributions"],
  ["GET", "distribution/{id}", "GetDistribution"],
  ["GET", "distribution/{id}/config", "GetDistributionConfig"],
  ["PUT", "distribution/{id}/config", "UpdateDistribution"],
  ["POST", "distribution/{id}/invalidation", "CreateInvalidation"],
  ["GET", "distribution/{id}/invalidation/{other}", "GetInvalidation"],
  ["GET", "cache-policy/{id}", "GetCachePolicy"],
  ["GET", "response-headers-policy/{id}", "GetResponseHeadersPolicy"],
  ["GET", "tagging", "ListTagsForResource"],
] as const;

export type OperationName = (typeof operations)[number][2];

export interface CloudFrontCall {
  /** Nothing for what is not built. */
  readonly operation: OperationName | undefined;
  /** Of the distribution or policy in the path; empty when there is none. */
  readonly id: string;
  /** Of an invalidation. */
  readonly otherId: string;
}

const version = "/2020-05-31/";

export function parseCall({ method, path }: Pick<ServiceRequest, "method" | "path">): CloudFrontCall {
  const parts = path.startsWith(version) ? path.slice(version.length).replace(/\/$/, "").split("/") : [];
  for (const [wantedMethod, pattern, operation] of operations) {
    const wanted = pattern.split("/");
    const fits =
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith("{") || part === parts[index]);
    const at = (name: string) => decodeURIComponent(parts[wanted.indexOf(name)] ?? "");
    if (fits && method === wantedMethod) return { operation, id: at("{id}"), otherId: at("{other}") };
  }
  return { operation: undefined, id: "", otherId: "" };
}
