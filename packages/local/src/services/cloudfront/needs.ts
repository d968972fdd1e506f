import { type AuthorizationNeed, account, type ServiceRequest } from "../service.ts";
import { parseCall } from "./operation.ts";

export function distributionArn(id: string): string {
  return `arn:aws:cloudfront::${account}:distribution/${id}`;
}

/** The distribution of an ARN; empty when it is none. */
export function distributionIdOf(arn: string): string {
  const [, id = ""] = /:distribution\/([^/:]+)$/.exec(arn) ?? [];
  return id;
}

/**
 * What a request needs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html.
 * A distribution's tags are offered to conditions.
 */
export function needsOf(
  request: ServiceRequest,
  tagsOf: (distributionId: string) => Readonly<Record<string, string>>,
): readonly AuthorizationNeed[] {
  const { operation, id } = parseCall(request);
  const action = `cloudfront:${operation}`;
  const ofDistribution = (distributionId: string) => [
    { action, resource: distributionArn(distributionId), context: tagContext(tagsOf(distributionId)) },
  ];
  switch (operation) {
    case undefined:
      return [];
    case "ListDistributions":
      return [{ action, resource: "*" }];
    case "GetDistribution":
    case "GetDistributionConfig":
    case "UpdateDistribution":
    case "CreateInvalidation":
    case "GetInvalidation":
      return ofDistribution(id);
    case "ListTagsForResource":
      return ofDistribution(distributionIdOf(request.query.get("Resource") ?? ""));
    case "GetCachePolicy":
      return [{ action, resource: `arn:aws:cloudfront::${account}:cache-policy/${id}` }];
    case "GetResponseHeadersPolicy":
      return [{ action, resource: `arn:aws:cloudfront::${account}:response-headers-policy/${id}` }];
  }
}

function tagContext(tags: Readonly<Record<string, string>>): NonNullable<AuthorizationNeed["context"]> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, [value]]));
}
