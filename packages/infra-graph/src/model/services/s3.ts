import type { ModelContext, ProviderOutputs, ResourceModel, ResourceModels } from "../model.ts";

function bucketOutputs(context: ModelContext): ProviderOutputs {
  const bucket = context.auto("bucket").toLowerCase();
  return {
    id: bucket,
    bucket,
    arn: context.arn("s3", bucket, { region: "", account: "" }),
    bucketDomainName: `${bucket}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${bucket}.s3.${context.region}.amazonaws.com`,
    region: context.region,
  };
}

/** Settings of a bucket are resources of their own whose id is the bucket. */
const setting = (...inputs: string[]): ResourceModel => ({
  outputs: (context) => ({ id: context.given("bucket") ?? context.name }),
  inputs: ["bucket", ...inputs],
});

/** A file that a deployment uploads: its key holds a hash of the code, so that the graph lists it by name alone. */
const uploadedObject: ResourceModel = {
  outputs: (context) => ({
    id: context.given("key") ?? context.name,
    bucket: context.given("bucket") ?? "",
    key: context.given("key") ?? "",
    versionId: "1",
  }),
};

export const s3Models: ResourceModels = {
  "aws:s3/bucket:Bucket": {
    outputs: bucketOutputs,
    inputs: ["bucket", "forceDestroy", "objectLockEnabled", "tags"],
    wiring: ["bucket", "bucketRegionalDomainName"],
    read: (id) => ({ bucket: id }),
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": { ...setting(), policies: { policy: "statements" } },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting("rules"),
  "aws:s3/bucketVersioning:BucketVersioning": setting("versioningConfiguration"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting("rules"),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": setting("corsRules"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting("rule"),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": setting("role", "rules"),
  "aws:s3/bucketNotification:BucketNotification": setting(
    "eventbridge",
    "lambdaFunctions",
    "queues",
    "topics",
  ),
  "aws:s3/bucketObjectv2:BucketObjectv2": uploadedObject,
  "aws:s3/bucketObject:BucketObject": uploadedObject,
};
