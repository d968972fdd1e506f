/**
 * One customer-managed key per region encrypts the global tables' replicas there. A replica needs its key from the
 * start, so the home stage creates every region's key, and no other stage can lock the others out of their data: a
 * replica whose key is out of reach for 20 hours is dropped from the global table for good. For the same reason a key is
 * never renamed: another key makes the provider delete the replica and create it anew.
 */
import { accountId, environmentName, stage } from "./stage.ts";

const alias = `alias/${environmentName("tables")}`;

/**
 * Whoever may use a table through DynamoDB may use its key, and the key is no use by any other way.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const policy = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      sid: "Administer",
      principals: [{ type: "AWS", identifiers: [$interpolate`arn:aws:iam::${accountId}:root`] }],
      actions: ["kms:*"],
      resources: ["*"],
    },
    {
      sid: "DescribeForDynamoDB",
      principals: [{ type: "Service", identifiers: ["dynamodb.amazonaws.com"] }],
      actions: ["kms:Describe*", "kms:Get*", "kms:List*"],
      resources: ["*"],
    },
    {
      sid: "UseThroughDynamoDB",
      principals: [{ type: "AWS", identifiers: ["*"] }],
      actions: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
        "kms:CreateGrant",
      ],
      resources: ["*"],
      conditions: [
        { test: "StringEquals", variable: "kms:CallerAccount", values: [accountId] },
        // As AWS writes it: replication reaches a key from another region's endpoint.
        { test: "StringLike", variable: "kms:ViaService", values: ["dynamodb.*.amazonaws.com"] },
      ],
    },
  ],
}).json;

function createKey(region: string) {
  const key = new aws.kms.Key(
    `TablesKey-${region}`,
    {
      region,
      description: `Antipode ${stage.environment}: tables in ${region}`,
      enableKeyRotation: true,
      deletionWindowInDays: stage.production ? 30 : 7,
      policy,
    },
    { protect: stage.production, retainOnDelete: stage.production },
  );
  new aws.kms.Alias(
    `TablesKeyAlias-${region}`,
    { region, name: alias, targetKeyId: key.keyId },
    { retainOnDelete: stage.production },
  );
  return key.arn;
}

const createdKeys = stage.isHome
  ? Object.fromEntries(stage.regions.map(({ name }) => [name, createKey(name)]))
  : undefined;

/** The key of one region's tables. Only the home stage can name another region's. */
export function keyArn(region: string): $util.Output<string> {
  if (createdKeys) {
    const arn = createdKeys[region];
    if (!arn) throw new Error(`no key for ${region}`);
    return arn;
  }
  if (region !== stage.region) throw new Error(`stage ${$app.stage} cannot name the key of ${region}`);
  return aws.kms.getAliasOutput({ name: alias }).targetKeyArn;
}
