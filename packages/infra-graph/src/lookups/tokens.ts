import type { JsonObject } from "../format.ts";

/** How a provider function finds a resource: the type it looks for and the argument that names it. */
export interface LookupToken {
  readonly type: string;
  readonly key: string;
}

/** Provider functions that find a resource some stage owns. */
export const lookupTokens: Readonly<Record<string, LookupToken>> = {
  "aws:acm/getCertificate:getCertificate": { type: "aws:acm/certificate:Certificate", key: "domain" },
  "aws:cloudwatch/getEventBus:getEventBus": { type: "aws:cloudwatch/eventBus:EventBus", key: "name" },
  "aws:dynamodb/getTable:getTable": { type: "aws:dynamodb/table:Table", key: "name" },
  "aws:iam/getRole:getRole": { type: "aws:iam/role:Role", key: "name" },
  "aws:kinesis/getStream:getStream": { type: "aws:kinesis/stream:Stream", key: "name" },
  "aws:kms/getAlias:getAlias": { type: "aws:kms/alias:Alias", key: "name" },
  "aws:kms/getKey:getKey": { type: "aws:kms/key:Key", key: "keyId" },
  "aws:lambda/getFunction:getFunction": { type: "aws:lambda/function:Function", key: "functionName" },
  "aws:s3/getBucket:getBucket": { type: "aws:s3/bucket:Bucket", key: "bucket" },
  "aws:sns/getTopic:getTopic": { type: "aws:sns/topic:Topic", key: "name" },
  "aws:sqs/getQueue:getQueue": { type: "aws:sqs/queue:Queue", key: "name" },
  "aws:ssm/getParameter:getParameter": { type: "aws:ssm/parameter:Parameter", key: "name" },
};

/** Provider functions that say where the program runs, or only compute: no look-ups. */
export const ambientTokens: ReadonlySet<string> = new Set([
  "aws:iam/getPolicyDocument:getPolicyDocument",
  "aws:index/getArn:getArn",
  "aws:index/getAvailabilityZones:getAvailabilityZones",
  "aws:index/getCallerIdentity:getCallerIdentity",
  "aws:index/getPartition:getPartition",
  "aws:index/getRegion:getRegion",
]);

/** Whether no stage can own what is looked up: hosted zones, AWS's public parameters and managed policies. */
export function isExternal(typeOrToken: string, name: string, key: JsonObject): boolean {
  const values = Object.values(key).map(String);
  return (
    typeOrToken === "aws:route53/getZone:getZone" ||
    name.endsWith(".sst.aws.HostedZoneLookup") ||
    values.some((value) => value.startsWith("/aws/service/") || value.startsWith("arn:aws:iam::aws:"))
  );
}
